import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

describe('docs/api.md', () => {
  const document = readFileSync(path.join(ROOT, 'docs/api.md'), 'utf8');

  it('lists the endpoints that there are', () => {
    const listed = [...document.matchAll(/^\| `((?:GET|POST|DELETE) \/v1[^`]*)`/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual(routes().sort());
  });
});

/** Every route of the ingress, out of its controllers' decorators. */
function routes(): string[] {
  const folder = path.join(ROOT, 'services/ingress/src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.controller.ts'))
    .flatMap((file) => {
      const source = readFileSync(path.join(folder, file), 'utf8');
      const prefix = /@Controller\('(.*)'\)/.exec(source)?.[1] ?? '';
      return [...source.matchAll(/@(Get|Post|Delete)\((?:'(.*?)')?\)/g)].map(
        ([, verb = '', route = '']) =>
          `${verb.toUpperCase()} /${[prefix, route].filter((part) => part !== '').join('/')}`,
      );
    });
}
