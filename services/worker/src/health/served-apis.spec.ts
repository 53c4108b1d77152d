import { ManualClock } from '@penstock/resilience';
import { ServedApis } from './served-apis.js';

describe('what a deployment serves', () => {
  it('is known by what it answered lately', () => {
    const clock = new ManualClock();
    const served = new ServedApis(clock);
    expect(served.servesOnlyOthers('d', 'openai.embeddings')).toBe(false);
    served.note('d', 'openai.chat');
    expect(served.servesOnlyOthers('d', 'openai.embeddings')).toBe(true);
    expect(served.servesOnlyOthers('e', 'openai.embeddings')).toBe(false);
    // It has lost what it had.
    expect(served.servesOnlyOthers('d', 'openai.chat')).toBe(false);
    clock.advance(600_001);
    expect(served.servesOnlyOthers('d', 'openai.embeddings')).toBe(false);
    served.note('d', 'openai.chat');
    served.note('d', 'openai.embeddings');
    expect(served.servesOnlyOthers('d', 'openai.embeddings')).toBe(false);
  });
});
