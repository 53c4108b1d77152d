import type { PartialFault } from './fault.js';
import { spoilEvents, type SendStep } from './spoil-events.js';

const EVENTS = ['role', 'one', 'two', 'done'].map((name) => ({
  text: `data: {"${name}":1}\n\n`,
  tokens: name === 'one' || name === 'two' ? 1 : 0,
}));

function sent(fault: PartialFault | undefined, streamed = true, events = EVENTS) {
  const steps: SendStep[] = [...spoilEvents(events, fault, streamed, () => 'data: {"error":1}\n\n')];
  const end = steps.at(-1);
  const pieces = steps.filter((step) => step.kind === 'send');
  return {
    text: pieces.map(({ text }) => text).join(''),
    tokens: pieces.reduce((sum, { tokens }) => sum + tokens, 0),
    end: end?.kind === 'end' ? end.how : undefined,
  };
}

const WHOLE = EVENTS.map(({ text }) => text).join('');
const FIRST_TWO = EVENTS.slice(0, 2)
  .map(({ text }) => text)
  .join('');

describe('a spoilt answer', () => {
  it('is whole without a fault, and also when only its usage is missing', () => {
    expect(sent(undefined)).toEqual({ text: WHOLE, tokens: 2, end: 'finish' });
    expect(sent({ kind: 'missing_usage' })).toEqual({ text: WHOLE, tokens: 2, end: 'finish' });
  });

  it.each<[PartialFault, ReturnType<typeof sent>]>([
    [
      { kind: 'cut', afterEvents: 2, midEvent: false },
      { text: FIRST_TWO, tokens: 1, end: 'destroy' },
    ],
    [
      { kind: 'cut', afterEvents: 2, midEvent: true },
      { text: `${FIRST_TWO}data: {"t`, tokens: 1, end: 'destroy' },
    ],
    [
      { kind: 'truncate', afterEvents: 2 },
      { text: FIRST_TWO, tokens: 1, end: 'finish' },
    ],
    [
      { kind: 'stall', afterEvents: 2 },
      { text: FIRST_TWO, tokens: 1, end: 'stall' },
    ],
    [
      { kind: 'error_event', afterEvents: 2 },
      { text: `${FIRST_TWO}data: {"error":1}\n\n`, tokens: 1, end: 'finish' },
    ],
    [
      { kind: 'malformed', afterEvents: 2 },
      { text: `${FIRST_TWO}data: {"\n\n${EVENTS[3]!.text}`, tokens: 2, end: 'finish' },
    ],
    [
      { kind: 'cut', afterEvents: 99, midEvent: false },
      { text: WHOLE, tokens: 2, end: 'finish' },
    ],
  ])('is what %j makes of it', (fault, expected) => {
    expect(sent(fault)).toEqual(expected);
  });

  it('breaks in the middle of a body that is not streamed', () => {
    const body = [{ text: '{"answer":42}', tokens: 3 }];
    expect(sent({ kind: 'cut', afterEvents: 2, midEvent: false }, false, body)).toEqual({
      text: '{"answe',
      tokens: 0,
      end: 'destroy',
    });
    expect(sent({ kind: 'malformed', afterEvents: 2 }, false, body)).toEqual({
      text: '{"answe',
      tokens: 3,
      end: 'finish',
    });
  });

  it('drips with a pause between all pieces', () => {
    const steps = [...spoilEvents(EVENTS, { kind: 'drip', bytes: 4, pauseMs: 9 }, true, () => '')];
    const pieces = steps.filter((step) => step.kind === 'send');
    expect(pieces.map(({ text }) => text).join('')).toBe(WHOLE);
    expect(pieces.every(({ text, pauseMs }) => text.length <= 4 && pauseMs === 9)).toBe(true);
  });
});
