import { FileFingerprint } from './file-fingerprint.js';

const purpose = ['purpose', 'batch'] as const;
const anchor = ['expires_after[anchor]', 'created_at'] as const;

async function fingerprint(
  pieces: readonly string[],
  {
    name = 'in.jsonl',
    fields = [purpose, anchor],
  }: { name?: string; fields?: readonly (readonly [string, string])[] } = {},
): Promise<string> {
  const taken = new FileFingerprint();
  const source = async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  };
  const passed: Uint8Array[] = [];
  for await (const chunk of taken.file(name, source())) passed.push(chunk);
  expect(Buffer.concat(passed).toString()).toBe(pieces.join(''));
  for (const [field, value] of fields) taken.field(field, value);
  return taken.value();
}

describe('the fingerprint of an upload', () => {
  it('is the same however the bytes come and the fields are ordered', async () => {
    const all = [
      await fingerprint(['one line\n', 'another\n']),
      await fingerprint(['one', ' line\nanother\n']),
      await fingerprint(['one line\nanother\n'], { fields: [anchor, purpose] }),
    ];
    expect(new Set(all).size).toBe(1);
  });

  it('differs by bytes, name and fields', async () => {
    const all = [
      await fingerprint(['one line\n']),
      await fingerprint(['one line']),
      await fingerprint([]),
      await fingerprint(['one line\n'], { name: 'other.jsonl' }),
      await fingerprint(['one line\n'], { fields: [purpose] }),
      await fingerprint(['one line\n'], { fields: [purpose, ['expires_after[anchor]', 'never']] }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
