import { eventOf } from './event.js';
import type { Job } from './job.js';

const job: Job = {
  id: 'job_1',
  tenant: 'acme',
  class: 'batch',
  origin: 'batch',
  api: 'openai.chat',
  model: 'small',
  stream: false,
  estimatedInputTokens: 1,
  estimatedOutputTokens: 1,
  acceptedAtMs: 1,
  keepResult: true,
  attempts: [],
};

describe('an event', () => {
  it('says of its job all that a ledger row has to say, whoever tells it', () => {
    const labels = { user: 'u1' };
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    expect(eventOf({ ...job, keyName: 'default', labels, preset: 'brief@1', traceparent }, 2)).toEqual({
      version: 1,
      ...{
        job: 'job_1',
        tenant: 'acme',
        class: 'batch',
        origin: 'batch',
        api: 'openai.chat',
        model: 'small',
      },
      ...{ acceptedAtMs: 1, atMs: 2, keyName: 'default', labels, preset: 'brief@1', traceparent },
    });
  });

  it('leaves out what its job has not', () => {
    expect(Object.keys(eventOf(job, 2))).not.toEqual(expect.arrayContaining(['labels']));
    expect(Object.values(eventOf(job, 2))).not.toContain(undefined);
  });
});
