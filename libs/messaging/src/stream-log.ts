import type { Connection } from './connection.js';

/** A stream seen from outside: what it holds, how far its readers are, and its end that can be cut off. */
export class StreamLog {
  constructor(
    private readonly connection: Pick<Connection, 'jsm'>,
    private readonly stream: string,
  ) {}

  /** The sequence of the newest message; 0 when there was never one. */
  async lastSequence(): Promise<number> {
    return (await this.connection.jsm.streams.info(this.stream)).state.last_seq;
  }

  /** How much of the room it may take is taken, from 0 to 1; 0 where there is no limit. */
  async filled(): Promise<number> {
    const { state, config } = await this.connection.jsm.streams.info(this.stream);
    return config.max_bytes > 0 ? state.bytes / config.max_bytes : 0;
  }

  /** For each durable consumer, the last sequence up to which it has acknowledged all that it is to have. */
  async settledSequences(): Promise<readonly number[]> {
    // Asked before the consumers are: one that has nothing left to do has done all up to here.
    const last = await this.lastSequence();
    const settled: number[] = [];
    for await (const info of this.connection.jsm.consumers.list(this.stream)) {
      if (!info.config.durable_name) continue;
      const idle = info.num_pending === 0 && info.num_ack_pending === 0;
      // A consumer's floor stays at the last message of its own, far behind if most are not for it.
      settled.push(idle ? Math.max(last, info.ack_floor.stream_seq) : info.ack_floor.stream_seq);
    }
    return settled;
  }

  /** How many messages a durable consumer has not acknowledged yet, delivered or not. */
  async unsettledBy(durable: string): Promise<number> {
    const info = await this.connection.jsm.consumers.info(this.stream, durable);
    return info.num_pending + info.num_ack_pending;
  }

  /** The sequence of the first message stored at `instantMs` or later; undefined when there is none. */
  async firstSequenceSince(instantMs: number): Promise<number | undefined> {
    const message = await this.connection.jsm.direct.getMessage(this.stream, {
      start_time: new Date(instantMs),
    });
    return message?.seq;
  }

  /** Removes every message before `sequence`. Returns how many there were. */
  async removeBefore(sequence: number): Promise<number> {
    return (await this.connection.jsm.streams.purge(this.stream, { seq: sequence })).purged;
  }
}
