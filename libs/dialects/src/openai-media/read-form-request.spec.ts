import fc from 'fast-check';
import { readForm } from '@penstock/contracts';
import { readRequest } from '../read-request.js';

const contentType = 'multipart/form-data; boundary="b-1"';

function form(...parts: readonly (readonly [name: string, content: string, filename?: string])[]): Buffer {
  const head = (name: string, filename?: string) =>
    `--b-1\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`;
  return Buffer.from(
    `${parts.map(([name, content, filename]) => `${head(name, filename)}${content}\r\n`).join('')}--b-1--\r\n`,
  );
}

const whole = form(['model', 'm'], ['stream', 'true'], ['file', 'RIFF', 'a.wav']);

describe('a form', () => {
  it('is read in place', () => {
    const parts = readForm(whole, contentType) ?? [];
    expect(
      parts.map(({ name, filename, start, end }) => [name, filename, whole.toString('utf8', start, end)]),
    ).toEqual([
      ['model', undefined, 'm'],
      ['stream', undefined, 'true'],
      ['file', 'a.wav', 'RIFF'],
    ]);
    expect(readForm(form(['empty', '']), contentType)).toMatchObject([{ name: 'empty' }]);
  });

  it('is a transcription', () => {
    expect(readRequest('openai.audio.transcriptions', whole, { contentType })).toMatchObject({
      ok: true,
      value: { model: 'm', stream: true },
    });
  });

  it.each([
    ['without a file', form(['model', 'm']), 'file'],
    ['without a model', form(['file', 'x', 'a.wav']), 'model'],
    ['with a field of a wrong kind', form(['model', 'm'], ['stream', 'yes'], ['file', 'x', 'a']), 'stream'],
    ['whose model is a file', form(['model', 'm', 'm.txt'], ['file', 'x', 'a']), 'model'],
  ])('%s is refused by name', (_, body, param) => {
    expect(readRequest('openai.audio.translations', body, { contentType })).toMatchObject({
      refusal: { code: 'invalid_request', param },
    });
  });

  it('is refused when it is JSON, or cut anywhere, or anything else', () => {
    expect(readRequest('openai.audio.translations', Buffer.from('{}'))).toMatchObject({
      refusal: { code: 'unsupported_media_type' },
    });
    fc.assert(
      fc.property(fc.nat(whole.length - 5), (length) => {
        expect(readForm(whole.subarray(0, length), contentType)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, type) => {
        readForm(bytes, `multipart/form-data; ${type}`);
        expect(readRequest('openai.images.edits', bytes, { contentType }).ok).toBe(false);
      }),
    );
  });
});
