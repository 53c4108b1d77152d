import { readEventId } from './event-position.js';
import { EventLabels } from './label-events.js';

const STREAM = 'data: {"a":1}\n\nevent: ping\r\ndata: é\r\n\r\n: a comment\n\ndata: [DONE]\n\n';

const label = (bytes: Buffer, cuts: readonly number[]) => {
  const labels = new EventLabels();
  let offset = 0;
  let text = '';
  for (const end of [...cuts, bytes.length]) {
    const place = { job: 'job_1', attempt: 'att_1', offset };
    text += labels.label(bytes.subarray(offset, end), place).toString();
    offset = end;
  }
  return text;
};

describe('labels of events', () => {
  it('say where each event ends, however the bytes are cut', () => {
    const bytes = Buffer.from(STREAM);
    const whole = label(bytes, []);
    expect(whole.replace(/^id: .+\n/gm, '')).toBe(STREAM);
    for (let at = 1; at < bytes.length; at++) expect(label(bytes, [at])).toBe(whole);

    const ends = [...whole.matchAll(/^id: (.+)$/gm)].map(([, id]) => readEventId(id ?? '')?.offset);
    expect(ends).toHaveLength(4);
    for (const end of ends) expect(bytes.subarray(0, end).toString()).toMatch(/\n\r?\n$/);
    expect(ends.at(-1)).toBe(bytes.length);
  });

  it('go on counting where a resumed stream begins', () => {
    const bytes = Buffer.from(STREAM);
    const first = bytes.indexOf('\n\n') + 2;
    const rest = new EventLabels().label(bytes.subarray(first), {
      job: 'job_1',
      attempt: 'att_1',
      offset: first,
    });
    expect(label(bytes, []).endsWith(rest.toString())).toBe(true);
  });
});

describe('the id of an event', () => {
  it.each([
    '',
    'job_1',
    'job_1:att_1',
    'job_1:att_1:-1',
    'job_1:att_1:1.5',
    'job.>:att_1:1',
    `${'j'.repeat(65)}:a:1`,
  ])('is not %j', (id) => expect(readEventId(id)).toBeUndefined());
});
