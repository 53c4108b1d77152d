/** A place in a streamed answer: behind so many bytes of what an attempt answered. */
export interface EventPosition {
  readonly job: string;
  readonly attempt: string;
  readonly offset: number;
}

/** The id of the event that ends at a place. It holds all that is needed to find the rest of the stream. */
export function eventId({ job, attempt, offset }: EventPosition): string {
  return `${job}:${attempt}:${offset}`;
}

/** Reads what `eventId` wrote; undefined for anything else. */
export function readEventId(id: string): EventPosition | undefined {
  const [, job, attempt, offset] = /^([\w-]{1,64}):([\w-]{1,64}):(\d{1,15})$/.exec(id) ?? [];
  if (job === undefined || attempt === undefined || offset === undefined) return undefined;
  return { job, attempt, offset: Number(offset) };
}
