import { fingerprintOf } from './fingerprint.js';

const form = (boundary: string, text = 'a picture') =>
  fingerprintOf(
    'call',
    'openai.images.edits',
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n${text}\r\n--${boundary}--\r\n`,
    ),
    { contentType: `multipart/form-data; boundary="${boundary}"` },
  );

describe('the fingerprint of a request', () => {
  it('differs by entrance, API, URL and every byte of the body', () => {
    const body = Buffer.from('{"a":1}');
    const all = [
      fingerprintOf('call', 'openai.chat', body),
      fingerprintOf('job', 'openai.chat', body),
      fingerprintOf('call', 'openai.completions', body),
      fingerprintOf('call', 'openai.chat', body, { model: 'small' }),
      fingerprintOf('call', 'openai.chat', body, { stream: true }),
      fingerprintOf('call', 'openai.chat', Buffer.from('{"a": 1}')),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("leaves out a form's boundary, and nothing else of it", () => {
    expect(form('----one')).toBe(form('----another'));
    expect(form('----one')).not.toBe(form('----one', 'another picture'));
  });
});
