import type { AskList, AskOne, BatchStatus } from '@penstock/contracts';
import type { BatchOrder, BatchProgress, BatchRecord, FileInProgress, FileRecord } from './batch-record.js';

/**
 * What the batch service needs to be remembered. Every method rejects while Postgres is away; see
 * `databaseErrorKind`. Another tenant's file or batch is never found.
 */
export interface BatchStore {
  /** Returns the file as it is: one of that id that is there already stays. */
  addFile(file: FileRecord): Promise<FileRecord>;
  /** Undefined also when its time has passed. */
  file(question: AskOne): Promise<FileRecord | undefined>;
  /** One more than `limit`, when there is one. */
  files(question: AskList): Promise<readonly FileRecord[]>;
  /** Forgets a file, unless a batch still reads it. */
  removeFile(question: AskOne): Promise<RemovedFile>;
  /** Files whose time has passed and that no batch reads, at most `limit`. */
  expiredFiles(limit: number): Promise<readonly FileRecord[]>;

  /** Stores a new batch in `validating`, owned by `owner` for `leaseMs`. Undefined when there is one of that id. */
  addBatch(
    order: BatchOrder,
    files: BatchFiles,
    owner: string,
    leaseMs: number,
  ): Promise<BatchRecord | undefined>;
  batch(question: AskOne): Promise<BatchRecord | undefined>;
  /** One more than `limit`, when there is one. */
  batches(question: AskList): Promise<readonly BatchRecord[]>;
  /** Moves the batch to `cancelling` if it is in a status from which it can be. Returns it as it is then. */
  cancel(question: AskOne, nowMs: number): Promise<BatchRecord | undefined>;
  /** Forgets a batch that has ended. Its files stay. */
  removeBatch(question: AskOne): Promise<RemovedBatch>;

  /**
   * Takes over unfinished batches that nobody owns any more. Of several processes that ask at once, each batch
   * gets one.
   */
  claim(owner: string, leaseMs: number): Promise<readonly BatchRecord[]>;
  /** Prolongs what `owner` still owns, and returns the status of each. */
  renew(owner: string, ids: readonly string[], leaseMs: number): Promise<ReadonlyMap<string, BatchStatus>>;
  /** Gives up ownership, so that another process need not wait for the lease to run out. */
  letGo(owner: string): Promise<void>;
  /** Stores progress. Returns the status the batch has by now; undefined when `owner` owns it no more. */
  save(owner: string, id: string, progress: Partial<BatchProgress>): Promise<BatchStatus | undefined>;
  /** Stores progress and the new status, if the batch is still `owner`'s and in `from`. Returns whether it was. */
  move(owner: string, id: string, move: BatchMove): Promise<boolean>;
}

export interface BatchFiles {
  readonly output: FileInProgress;
  readonly errors: FileInProgress;
}

export interface BatchMove {
  readonly from: BatchStatus;
  /** Entered one after another at the same instant; the batch ends up in the last. */
  readonly through: readonly [BatchStatus, ...BatchStatus[]];
  readonly atMs: number;
  readonly progress?: Partial<BatchProgress>;
  /** Become files in the same transaction. */
  readonly files?: readonly FileRecord[];
}

export type RemovedFile =
  | { readonly kind: 'removed'; readonly file: FileRecord }
  /** `in_use`: a batch still reads it. */
  | { readonly kind: 'in_use' | 'not_found' };

export type RemovedBatch =
  { readonly kind: 'removed'; readonly batch: BatchRecord } | { readonly kind: 'unfinished' | 'not_found' };
