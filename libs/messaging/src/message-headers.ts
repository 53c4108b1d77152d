import { MsgHdrsImpl } from 'nats';

/** What would begin a header of its own. */
const LINE_BREAK = /[\r\n]/;

/**
 * Headers of a message on its way out. Their names are those of `HEADER` and of the server, so they are valid and
 * written as they are looked for: the client's own headers would take each name apart into letters, and compare it with
 * all before it, twice a header. That and their encoding was a fiftieth of what a batch line costs.
 */
export class MessageHeaders extends MsgHdrsImpl {
  /** Throws at a value that is more than one line, as the client does. */
  override set(name: string, value: string): void {
    if (LINE_BREAK.test(value)) return super.set(name, value);
    this.headers.set(name, [value.trim()]);
  }

  override encode(): Uint8Array {
    return Buffer.from(this.toString());
  }
}
