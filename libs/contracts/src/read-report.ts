/**
 * An ingress to the worker of a stream: so many bytes of this attempt's answer have been taken by its caller, or are
 * at least out of Penstock's hands. Travels over core NATS and may be lost: the next one says it again.
 */
export interface ReadReport {
  readonly attempt: string;
  readonly readBytes: number;
}

/** For each so many bytes of a stream there is a report; a shorter stream goes without. */
export const REPORT_EVERY_BYTES = 256 * 1024;

/** From the first report on there is another after so long, whether or not anything was read. */
export const REPORT_EVERY_MS = 2_000;

/** The bytes of a paced stream that may be on their way to its caller. More than a report is due for. */
export const READ_WINDOW_BYTES = 2 * REPORT_EVERY_BYTES;
