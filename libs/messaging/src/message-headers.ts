import type { HeaderReader } from '@penstock/contracts';
import { MsgHdrsImpl, MsgImpl, type Msg } from 'nats';

/**
 * Headers of a message that is to be sent. Names are those of `HEADER`, written one way only, so they are neither
 * checked nor compared letter by letter: the client's own do both at every call, at several times the cost.
 */
export class MessageHeaders extends MsgHdrsImpl {
  override get(name: string): string {
    return this.headers.get(name)?.[0] ?? '';
  }

  /** Throws at a value with a line break, as the client does. */
  override set(name: string, value: string): void {
    this.headers.delete(name);
    this.headers.set(name, [MsgHdrsImpl.validHeaderValue(value)]);
  }

  /** From the pool of small buffers, where the client's encoder makes an array buffer for each. */
  override encode(): Uint8Array {
    return Buffer.from(this.toString());
  }
}

const OPENING = 'NATS/1.0\r\n';

/** The headers of a message that has come, looked up in their text: most have several, of which few are read. */
class ReceivedHeaders implements HeaderReader {
  constructor(private readonly text: string) {}

  get(name: string): string {
    // No value has a line break, so that this stands nowhere else.
    const at = this.text.indexOf(`\r\n${name}:`);
    if (at < 0) return '';
    const from = at + name.length + 3;
    const to = this.text.indexOf('\r\n', from);
    return this.text.slice(from, to < 0 ? undefined : to).trim();
  }
}

/** The headers of a message, read when they are asked for. Undefined when it has none. */
export function receivedHeaders(message: Msg): HeaderReader | undefined {
  // The client's own are read from these bytes, all of them into lists, and checked as if they were to be sent.
  if (!(message instanceof MsgImpl) || message._msg.hdr <= 0) return message.headers;
  const { buffer, byteOffset } = message._rdata;
  const text = Buffer.from(buffer, byteOffset, message._msg.hdr).toString();
  return text.startsWith(OPENING) ? new ReceivedHeaders(text) : message.headers;
}
