import { READ_WINDOW_BYTES, type ReadReport } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';

/** Reports come every two seconds. After so long without one nobody reads the stream any more. */
export const REPORTS_WITHIN_MS = 20_000;

/**
 * How much of a stream may be sent ahead of its caller. Only of a `paced` one: nobody reports how far a publisher has
 * read its inbox, or several callers an answer that they share.
 */
export class ReadWindow {
  private sentBytes = 0;
  private readBytes = 0;
  private wake: (() => void) | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly attempt: string,
    private readonly paced: boolean,
  ) {}

  /** Nothing more may be sent now. */
  get full(): boolean {
    return this.paced && this.sentBytes - this.readBytes >= READ_WINDOW_BYTES;
  }

  sent(bytes: number): void {
    this.sentBytes += bytes;
  }

  /** Reports may overtake each other; those of an earlier attempt are of another answer. */
  heard({ attempt, readBytes }: ReadReport): void {
    if (attempt !== this.attempt) return;
    this.readBytes = Math.max(this.readBytes, readBytes);
    this.wake?.();
  }

  /** Resolves when there is room, or the job is aborted. False when the reports have ceased. */
  async whenRoom(signal: AbortSignal): Promise<boolean> {
    while (this.full && !signal.aborted) if (!(await this.nextReport(signal))) return false;
    return true;
  }

  private nextReport(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (heard: boolean) => {
        this.wake = undefined;
        cancel();
        signal.removeEventListener('abort', onWake);
        resolve(heard);
      };
      const onWake = () => end(true);
      const cancel = this.clock.after(REPORTS_WITHIN_MS, () => end(false));
      this.wake = onWake;
      signal.addEventListener('abort', onWake, { once: true });
    });
  }
}
