import type {
  BatchEndpoint,
  BatchError,
  BatchStatus,
  CheckedFile,
  FilePurpose,
  StoredPart,
} from '@penstock/contracts';
import type { BatchProgress, BatchRecord, BatchTokens, FileInProgress, FileRecord } from './batch-record.js';

/** The tables' rows, as the driver gives them. */
export interface FileRow {
  readonly id: string;
  readonly tenant: string;
  readonly filename: string;
  readonly purpose: FilePurpose;
  readonly bytes: string;
  readonly parts: readonly StoredPart[];
  readonly checked: CheckedFile | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

export interface BatchRow {
  readonly id: string;
  readonly tenant: string;
  readonly key_name: string | null;
  readonly input_file_id: string;
  readonly endpoint: BatchEndpoint;
  readonly completion_window: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly output_expires_after_seconds: number | null;
  readonly status: BatchStatus;
  readonly reached: Readonly<Partial<Record<BatchStatus, number>>>;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly model: string | null;
  readonly problems: readonly BatchError[] | null;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly usage: BatchTokens;
  readonly released: number;
  readonly releasing: number;
  readonly releasing_at: Date | null;
  readonly done: Buffer;
  readonly results_sequence: string;
  readonly output: FileInProgress;
  readonly errors: FileInProgress;
}

export function toFile(row: FileRow): FileRecord {
  const { id, tenant, filename, purpose, parts } = row;
  return {
    ...{ id, tenant, filename, purpose, parts },
    bytes: Number(row.bytes),
    ...(row.checked && { checked: row.checked }),
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
  };
}

export function toBatch(row: BatchRow): BatchRecord {
  const { id, tenant, endpoint, status, reached, total, completed, failed, usage, released, releasing } = row;
  return {
    ...{ id, tenant, endpoint, status, reached, total, completed, failed, usage, released, releasing },
    keyName: row.key_name ?? undefined,
    inputFileId: row.input_file_id,
    completionWindow: row.completion_window,
    metadata: row.metadata ?? undefined,
    outputExpiresAfterSeconds: row.output_expires_after_seconds ?? undefined,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    model: row.model ?? undefined,
    problems: row.problems ?? undefined,
    releasingAtMs: row.releasing_at?.getTime(),
    done: row.done,
    resultsSequence: Number(row.results_sequence),
    output: row.output,
    errors: row.errors,
  };
}

/** For each part of the progress, its column, and its value as the driver takes it. */
const COLUMNS: {
  readonly [K in keyof BatchProgress]: readonly [string, (value: BatchProgress[K]) => unknown];
} = {
  model: ['model', (value) => value ?? null],
  problems: ['problems', (value) => (value ? JSON.stringify(value) : null)],
  total: ['total', Number],
  completed: ['completed', Number],
  failed: ['failed', Number],
  usage: ['usage', JSON.stringify],
  released: ['released', Number],
  releasing: ['releasing', Number],
  releasingAtMs: ['releasing_at', (value) => (value === undefined ? null : new Date(value))],
  done: ['done', (value) => Buffer.from(value)],
  resultsSequence: ['results_sequence', Number],
  output: ['output', JSON.stringify],
  errors: ['errors', JSON.stringify],
};

/** `SET` of an update, its parameters numbered from `first`. */
export function setProgress(
  progress: Partial<BatchProgress>,
  first: number,
): { readonly set: readonly string[]; readonly parameters: readonly unknown[] } {
  const set: string[] = [];
  const parameters: unknown[] = [];
  for (const [key, value] of Object.entries(progress)) {
    const [column, encode] = COLUMNS[key as keyof BatchProgress] as [string, (value: unknown) => unknown];
    set.push(`${column} = $${first + parameters.length}`);
    parameters.push(encode(value));
  }
  return { set, parameters };
}
