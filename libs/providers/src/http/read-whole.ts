import type { HttpExchange } from './http-exchange.js';

/** The bound of an answer that is not a stream: a page of pictures or a thousand embeddings take less. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The whole body; undefined when it broke off or is too large, and the exchange's `failure` says which. */
export async function readWhole(exchange: HttpExchange): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let total = 0;
  for (
    let bytes = await exchange.read();
    bytes;
    bytes = exchange.isRead ? undefined : await exchange.read()
  ) {
    pieces.push(bytes);
    total += bytes.length;
    if (total <= MAX_BODY_BYTES) continue;
    exchange.fail({
      reason: 'malformed_response',
      message: `The provider sent more than ${MAX_BODY_BYTES} bytes.`,
    });
    return undefined;
  }
  if (exchange.failure) return undefined;
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, total);
}
