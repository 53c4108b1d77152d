import type { JsonMap } from '@penstock/contracts';

/**
 * The body of a response that is to be made in the background, without the fields that say so: to the provider it is
 * a response like any other, since the waiting is done here. Undefined for every other body, malformed ones included;
 * they are refused where all bodies are read.
 */
export function readBackground(body: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(body).toString('utf8');
  // Bodies may be large, and hardly any of them says this.
  if (!text.includes('"background"')) return undefined;
  let request: JsonMap & { readonly background?: unknown };
  try {
    request = JSON.parse(text) as typeof request;
  } catch {
    return undefined;
  }
  if (request?.background !== true) return undefined;
  const { background: _, stream: __, ...rest } = request;
  return Buffer.from(JSON.stringify(rest));
}
