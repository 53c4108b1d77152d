import { appendFileSync } from 'node:fs';
import type { Tenant } from '../system/configuration.js';

/** By which entrance a request went in. */
export type Via = 'sync' | 'stream' | 'job' | 'publish' | 'batch' | 'probe';

/**
 * What a client saw. `sent`: a request was made. `accepted`: it holds an acknowledgement (202, a PubAck). `answered`:
 * a complete answer, or an error with a status. `broken`: the connection or the stream ended without a proper end.
 * `outcome`: what it read of the job afterwards. `probed`: what it got of something that is not its own.
 */
export type ClientKind = 'sent' | 'accepted' | 'answered' | 'broken' | 'outcome' | 'probed';

export interface ClientEntry {
  readonly kind: ClientKind;
  readonly via: Via;
  /** The client's own name for the request. */
  readonly key: string;
  readonly tenant: Tenant;
  readonly job?: string;
  readonly class?: string;
  readonly status?: number;
  readonly state?: string;
  /** Of the answer's bytes. */
  readonly hash?: string;
  readonly detail?: string;
}

export interface WrittenEntry extends ClientEntry {
  readonly sequence: number;
  readonly atMs: number;
}

/** The clients' own account of a run: entries are appended to a file as they happen, and never changed. */
export class ClientLedger {
  readonly entries: WrittenEntry[] = [];

  constructor(readonly file: string) {}

  write(entry: ClientEntry): void {
    const written = { sequence: this.entries.length, atMs: Date.now(), ...entry };
    this.entries.push(written);
    appendFileSync(this.file, `${JSON.stringify(written)}\n`);
  }

  count(kind: ClientKind): number {
    return this.entries.filter((entry) => entry.kind === kind).length;
  }
}
