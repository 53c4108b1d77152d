import { withoutUsage } from './without-usage.js';

const json = (value: unknown) =>
  JSON.parse(
    Buffer.from(withoutUsage('application/json', Buffer.from(JSON.stringify(value)))).toString(),
  ) as unknown;

describe('an answer without usage', () => {
  it('has zero in every count, wherever the dialect puts it', () => {
    const usage = { input_tokens: 5, details: { cached: 2 }, tier: 'standard', none: null };
    const zero = { input_tokens: 0, details: { cached: 0 }, tier: 'standard', none: null };
    expect(json({ id: 7, usage })).toEqual({ id: 7, usage: zero });
    expect(json({ response: { created_at: 7, usage } })).toEqual({
      response: { created_at: 7, usage: zero },
    });
    expect(json({ message: { usage } })).toEqual({ message: { usage: zero } });
    expect(json({ usageMetadata: usage })).toEqual({ usageMetadata: zero });
  });

  it('leaves what a model wrote alone', () => {
    const content = { choices: [{ message: { content: '{"usage":{"n":5}}' }, usage: { n: 5 } }] };
    expect(json(content)).toEqual(content);
  });

  it('keeps the bytes of events that tell no usage, and of what is no JSON', () => {
    const first = 'event: a\r\ndata: {"b": 1.0}\r\n\r\n';
    const sse = `${first}data: {"usage":{"n":5}}\r\n\r\ndata: [DONE]\n\n`;
    expect(Buffer.from(withoutUsage('text/event-stream; charset=utf-8', Buffer.from(sse))).toString()).toBe(
      `${first}data: {"usage":{"n":0}}\r\n\r\ndata: [DONE]\n\n`,
    );
    const bytes = Buffer.from('"usage but no JSON');
    expect(withoutUsage('audio/mpeg', bytes)).toBe(bytes);
  });
});
