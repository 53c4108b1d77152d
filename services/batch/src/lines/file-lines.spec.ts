import { refusal } from '@penstock/contracts';
import { lineRules, type LineRules } from '@penstock/lines';
import type { FileStore } from '@penstock/messaging';
import { RouteCatalogue } from '@penstock/scheduling';
import { NO_RULES } from '@penstock/transforms';
import { FileLines } from './file-lines.js';

const routes = new RouteCatalogue([{ name: 'small', deployments: [], maxOutputTokens: 100 }], []);
const rules = lineRules({ routes, rules: NO_RULES }, 'acme', '/v1/chat/completions');

const body = { model: 'small', messages: [{ role: 'user', content: 'Hi' }] };
const lineOf = (customId: string) =>
  JSON.stringify({ custom_id: customId, method: 'POST', url: '/v1/chat/completions', body });

function linesOf(text: string, read: LineRules = rules): FileLines {
  const files = {
    async *read() {
      yield await Promise.resolve(Buffer.from(text));
    },
  } as unknown as FileStore;
  return new FileLines(files, [], read);
}

describe('the lines of a validated file', () => {
  it('are taken in their order, some with all they say and some by their names', async () => {
    const lines = linesOf(['a', 'b', 'c'].map(lineOf).join('\n'));
    expect((await lines.take(1)).map(({ number, customId }) => [number, customId])).toEqual([[1, 'a']]);
    expect(await lines.takeNames(1)).toEqual([{ number: 2, customId: 'b' }]);
    expect((await lines.take(5)).map(({ number, customId }) => [number, customId])).toEqual([[3, 'c']]);
    expect(await lines.take(5)).toEqual([]);
  });

  it('go out as they are if a request is not valid any more', async () => {
    const lines = linesOf(lineOf('a'), {
      ...rules,
      readRequest: () => ({ ok: false, refusal: refusal('invalid_request') }),
    });
    const [line] = await lines.take(1);
    expect(line).toMatchObject({ number: 1, customId: 'a', summary: { model: 'small', stream: false } });
    expect(JSON.parse(Buffer.from(line?.body ?? []).toString())).toEqual(body);
  });
});
