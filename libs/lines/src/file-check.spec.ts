import { FileCheck } from './file-check.js';

const rules = {
  endpoint: '/v1/chat/completions',
  readRequest: (_: unknown, body: Uint8Array) => ({
    ok: true as const,
    value: {
      model: (JSON.parse(Buffer.from(body).toString()) as { model: string }).model,
      stream: false,
      estimatedInputTokens: 1,
      maxOutputTokens: undefined,
    },
  }),
  admitRoute: ({ model }: { readonly model: string }) => ({
    ok: true as const,
    value: { model, estimatedOutputTokens: 16 },
  }),
} as const;

const limits = { maxLines: 4, maxProblems: 3 };
const line = (customId: string, model = 'small') =>
  Buffer.from(
    JSON.stringify({ custom_id: customId, method: 'POST', url: '/v1/chat/completions', body: { model } }),
  );

function check(...lines: (Uint8Array | undefined)[]) {
  const file = new FileCheck(rules, limits);
  for (const [i, bytes] of lines.entries()) if (!file.add({ number: i + 1, bytes })) break;
  return file.verdict();
}

describe('checking a file', () => {
  it('counts the lines and names the one model', () => {
    expect(check(line('a'), line('b'))).toEqual({ ok: true, lines: 2, model: 'small' });
  });

  it('names no model when there are several', () => {
    expect(check(line('a'), line('b', 'large'))).toEqual({ ok: true, lines: 2, model: undefined });
  });

  it('refuses a file without lines', () => {
    expect(check()).toMatchObject({ ok: false, errors: [{ code: 'empty_file', line: null }] });
  });

  it('gives the line of a second custom_id', () => {
    expect(check(line('a'), line('b'), line('a'))).toMatchObject({
      ok: false,
      errors: [{ code: 'duplicate_custom_id', line: 3, param: 'custom_id' }],
    });
  });

  it('tells of every bad line up to its bound, and reads no further', () => {
    const bad = Buffer.from('{');
    expect(check(bad, line('a'), undefined, bad, bad)).toMatchObject({
      ok: false,
      errors: [
        { code: 'invalid_json_line', line: 1 },
        { code: 'line_too_large', line: 3 },
        { code: 'invalid_json_line', line: 4 },
      ],
    });
  });

  it('refuses one line too many', () => {
    expect(check(...['a', 'b', 'c', 'd', 'e'].map((id) => line(id)))).toMatchObject({
      ok: false,
      errors: [{ code: 'too_many_lines', line: null }],
    });
  });
});
