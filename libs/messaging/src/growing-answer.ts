import type { Clock } from '@penstock/resilience';
import { discardParts, storePart, type AnswerName } from './claim-check.js';
import type { Connection } from './connection.js';
import type { Answer } from './answer.js';
import { untilDone } from './until-done.js';

/** An answer is held in memory up to here. Of one that grows longer a part of this length is stored at a time. */
export const PART_BYTES = 1024 ** 2;

/**
 * A streamed answer that is kept. However long it gets, no more of it is in memory than the part that is being stored
 * and the one that comes meanwhile; what goes into the store slowly is asked of its provider slowly.
 */
export class GrowingAnswer {
  private pieces: Uint8Array[] = [];
  private length = 0;
  private storedParts = 0;
  private storing: Promise<boolean> | undefined;
  private storingBytes = 0;

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly name: AnswerName,
  ) {}

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.length + this.storingBytes;
  }

  /**
   * Takes what came. Undefined when more may come at once; else what to wait for first. It says false when the store
   * did not take the answer for minutes: then it cannot be kept.
   */
  add(bytes: Uint8Array): Promise<boolean> | undefined {
    this.pieces.push(bytes);
    this.length += bytes.length;
    return this.length < PART_BYTES ? undefined : this.storeNext();
  }

  /** What of the answer is still to be stored, when all of it has come. Undefined when it could not be kept. */
  async end(): Promise<Pick<Answer, 'body' | 'storedParts'> | undefined> {
    if (!(await this.stored())) return undefined;
    const body = Buffer.concat(this.pieces);
    return this.storedParts === 0 ? { body } : { body, storedParts: this.storedParts };
  }

  /** For an answer that came to nothing. */
  async discard(): Promise<void> {
    this.pieces = [];
    this.length = 0;
    if (this.storedParts === 0) return;
    await this.stored();
    await discardParts(this.connection, this.name, this.storedParts);
  }

  private async storeNext(): Promise<boolean> {
    if (!(await this.stored())) return false;
    const { pieces, length, storedParts: part } = this;
    this.pieces = [];
    this.length = 0;
    this.storingBytes = length;
    this.storedParts++;
    const store = () =>
      storePart(this.connection, this.name, part, pieces).then(
        () => true,
        () => false,
      );
    this.storing = untilDone(this.clock, store, (done) => done);
    void this.storing.then(() => (this.storingBytes = 0));
    return true;
  }

  private stored(): Promise<boolean> {
    return this.storing ?? Promise.resolve(true);
  }
}
