import { rewriteEvents } from './rewrite-events.js';

const upper = (text: string) =>
  rewriteEvents(Buffer.from(text), async (data) =>
    data.startsWith('{') ? data.toUpperCase() : undefined,
  ).then((bytes) => Buffer.from(bytes).toString());

describe('rewriting events', () => {
  it('changes the data, keeps names and order, and leaves other events the bytes they were', async () => {
    const before = 'event: a\ndata: {"x":1}\n\n: comment\n\ndata: {"y":"ä"}\r\n\r\nid: 7\ndata: [DONE]\n\n';
    expect(await upper(before)).toBe(
      'event: a\ndata: {"X":1}\n\n: comment\n\ndata: {"Y":"Ä"}\n\nid: 7\ndata: [DONE]\n\n',
    );
  });

  it('joins data of several lines, and writes a line break as one', async () => {
    expect(await upper('data: {"a":\ndata: "b"}\n\n')).toBe('data: {"A":\ndata: "B"}\n\n');
  });

  it('passes on what is no whole event', async () => {
    expect(await upper('')).toBe('');
    expect(await upper('data: {"a":1}\n\ndata: {"b"')).toBe('data: {"A":1}\n\ndata: {"b"');
  });

  it('rejects as the change does', async () => {
    const chunk = Buffer.from('data: {}\n\n');
    await expect(rewriteEvents(chunk, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
