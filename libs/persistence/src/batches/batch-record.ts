import type {
  BatchEndpoint,
  BatchError,
  BatchStatus,
  CheckedFile,
  FilePurpose,
  StoredPart,
} from '@penstock/contracts';

/** A file as it is remembered. Its bytes are its parts, in the object store. */
export interface FileRecord {
  readonly id: string;
  readonly tenant: string;
  readonly filename: string;
  readonly purpose: FilePurpose;
  readonly bytes: number;
  readonly parts: readonly StoredPart[];
  /** Of an input file whose lines were all found valid. */
  readonly checked?: CheckedFile;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** What a batch was created with. None of it changes. */
export interface BatchOrder {
  readonly id: string;
  readonly tenant: string;
  readonly keyName: string | undefined;
  readonly inputFileId: string;
  readonly endpoint: BatchEndpoint;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly outputExpiresAfterSeconds: number | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** How far a batch has come. Written by the one process that runs it. */
export interface BatchProgress {
  readonly model: string | undefined;
  readonly problems: readonly BatchError[] | undefined;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly usage: BatchTokens;
  /** Lines 1 to `released` are in the lane, running, or done. */
  readonly released: number;
  /** Lines after `released` up to here may be in the lane too: they were on their way when this was written. */
  readonly releasing: number;
  readonly releasingAtMs: number | undefined;
  /** One bit a line, set when its ending stands in a file. */
  readonly done: Uint8Array;
  /** Results up to this sequence of the stream need not be read again. */
  readonly resultsSequence: number;
  readonly output: FileInProgress;
  readonly errors: FileInProgress;
}

/** A file that a batch writes. It becomes a file when the batch ends, and only if there is something in it. */
export interface FileInProgress {
  readonly id: string;
  readonly parts: readonly StoredPart[];
}

export interface BatchTokens {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface BatchRecord extends BatchOrder, BatchProgress {
  readonly status: BatchStatus;
  /** When each status was entered. */
  readonly reached: Readonly<Partial<Record<BatchStatus, number>>>;
}
