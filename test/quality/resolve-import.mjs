import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve as resolvePath } from 'node:path';

/**
 * Where an import leads, for the lint rules about imports: `@penstock/<lib>` to the lib's door, a relative `.js`
 * to the `.ts` it is compiled from, anything else to a package. The same answers as tsconfig's `paths` give,
 * without reading a tsconfig for each of some thousand imports.
 *
 * It serves two plugins with one function: interface 2 of eslint-plugin-import's resolvers, 3 of import-x's.
 */
export const interfaceVersion = 2;

const ROOT = resolvePath(import.meta.dirname, '../..');

/** @returns {{ found: boolean, path?: string | null }} */
export function resolve(source, file) {
  if (isBuiltin(source)) return { found: true, path: null };
  const lib = /^@penstock\/([a-z]+)$/.exec(source)?.[1];
  if (lib) return present(join(ROOT, 'libs', lib, 'src/index.ts'));
  if (!source.startsWith('.')) return { found: true, path: null };
  const target = resolvePath(dirname(file), source);
  const typescript = target.replace(/\.js$/, '.ts');
  return existsSync(typescript) ? { found: true, path: typescript } : present(target);
}

/** A file that is not there yet counts too: a text that is linted may import what is still to be written. */
function present(path) {
  return { found: true, path };
}
