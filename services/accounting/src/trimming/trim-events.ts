/** What has to be known of a stream, and done to it, to trim it. */
export interface EventLog {
  /** The sequence of the newest message; 0 when there was never one. */
  lastSequence(): Promise<number>;
  /** How much of the room it may take is taken, from 0 to 1. */
  filled(): Promise<number>;
  /** For each durable consumer, the last sequence up to which it has acknowledged all that it is to have. */
  settledSequences(): Promise<readonly number[]>;
  /** The sequence of the first message stored at `instantMs` or later; undefined when there is none. */
  firstSequenceSince(instantMs: number): Promise<number | undefined>;
  /** Removes every message before `sequence`. Returns how many there were. */
  removeBefore(sequence: number): Promise<number>;
}

/**
 * How long an event stays after every consumer has it. A job that is delivered again looks here whether it has
 * ended already, and a lease lasts minutes.
 */
export const KEEP_EVENTS_MS = 15 * 60_000;

/**
 * How long instead where the stream is more than half full: longer than any lease, and short enough that work does not
 * have to stop for events that everybody has.
 */
export const KEEP_EVENTS_PRESSED_MS = 2 * 60_000;

/** Filled beyond this part, the stream keeps what everybody has for no longer than it must. */
const PRESSED_AT = 0.5;

/**
 * Removes the events that every durable consumer has acknowledged and that are older than 15 minutes, or than two where
 * the stream is filling up. What keeps
 * the stream bounded is this, not an age limit of the server: while Postgres is away accounting acknowledges
 * nothing, and so nothing is removed, for however long that lasts.
 *
 * A stream that nobody reads durably is left alone. Returns how many were removed.
 */
export async function trimEvents(log: EventLog, nowMs: number): Promise<number> {
  // The end is asked for first: what comes after it is not ours to judge in this round.
  const last = await log.lastSequence();
  const settled = await log.settledSequences();
  if (settled.length === 0) return 0;
  const keepMs = (await log.filled()) > PRESSED_AT ? KEEP_EVENTS_PRESSED_MS : KEEP_EVENTS_MS;
  const since = await log.firstSequenceSince(nowMs - keepMs);
  const keepFrom = Math.min(Math.min(...settled) + 1, since ?? last + 1);
  return keepFrom > 1 ? log.removeBefore(keepFrom) : 0;
}
