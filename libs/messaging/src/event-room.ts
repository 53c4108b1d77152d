import { refusal, STREAM, type Refusal } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import type { Connection } from './connection.js';

/** Filled beyond this part, EVENTS takes no new work: what runs already has to find room for its events. */
const CLOSES_AT = 0.9;

/** Below this part it does again, so that it does not open for one event and close for the next. */
const OPENS_AT = 0.85;

const LOOK_EVERY_MS = 1_000;

/** Whether new work may begin, by how full EVENTS is and whether it might before. Without a limit it always may. */
export function mayBegin(bytes: number, maxBytes: number, mightBefore: boolean): boolean {
  return maxBytes <= 0 || bytes < maxBytes * (mightBefore ? CLOSES_AT : OPENS_AT);
}

/**
 * Whether what happens to new work could still be written down. EVENTS refuses what it has no room for, because what
 * it dropped instead would be money that nobody heard of; so work must stop before it is full: no job is accepted over
 * HTTP, and none is sent to a worker.
 */
export class EventRoom {
  private open = true;
  private readonly stopLooking: () => void;

  constructor(
    private readonly connection: Pick<Connection, 'jsm'>,
    clock: Pick<Clock, 'every'>,
    /** Told when it changes. */
    private readonly onChange: (open: boolean) => void = () => undefined,
  ) {
    void this.look();
    this.stopLooking = clock.every(LOOK_EVERY_MS, () => void this.look());
  }

  get isOpen(): boolean {
    return this.open;
  }

  close(): void {
    this.stopLooking();
  }

  private async look(): Promise<void> {
    // Without a server nothing can be accepted anyhow: what was known last stands.
    const info = await this.connection.jsm.streams.info(STREAM.events).catch(() => undefined);
    if (!info) return;
    const open = mayBegin(info.state.bytes, info.config.max_bytes, this.open);
    if (open === this.open) return;
    this.open = open;
    this.onChange(open);
  }
}

/** Says to who waits that work cannot begin now. */
export function noEventRoom(): Refusal {
  const message =
    'What the job would cost cannot be recorded now, because EVENTS is nearly full: accounting is behind or its database is away. Send it again later; nothing was accepted.';
  return refusal('unavailable', { message, retryAfterMs: 10_000 });
}
