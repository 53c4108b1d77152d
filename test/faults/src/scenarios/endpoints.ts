import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../system/root.js';

export interface Endpoint {
  readonly method: string;
  readonly path: string;
}

/** Every endpoint, out of the page that a test holds against the routes. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...readFileSync(path.join(ROOT, 'docs/api.md'), 'utf8').matchAll(/^\| `(GET|POST|DELETE) (\/v1[^`]*)`/gm),
].map(([, method = '', route = '']) => ({ method, path: route }));
