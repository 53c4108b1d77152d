import type { Api } from './api.js';

/**
 * What ingress and the batch service say to each other, over core NATS. Objects that reach the client are in
 * the shapes of OpenAI's Files and Batch APIs already (snake case, Unix seconds), so that nobody translates
 * them twice; questions are in ours. Every reply is a `Read<…>`.
 */

/** The endpoints a batch may be for, and the API its lines' bodies are written in. */
export const BATCH_ENDPOINTS = {
  '/v1/chat/completions': 'openai.chat',
  '/v1/completions': 'openai.completions',
  '/v1/embeddings': 'openai.embeddings',
  '/v1/responses': 'openai.responses',
  '/v1/moderations': 'openai.moderations',
  '/v1/images/generations': 'openai.images.generations',
  '/v1/images/edits': 'openai.images.edits',
  '/v1/messages': 'anthropic.messages',
} as const satisfies Record<string, Api>;

export type BatchEndpoint = keyof typeof BATCH_ENDPOINTS;

export function isBatchEndpoint(value: unknown): value is BatchEndpoint {
  return typeof value === 'string' && Object.hasOwn(BATCH_ENDPOINTS, value);
}

/**
 * Where a batch stands.
 *
 * - `validating`: every line of the file is being read; none has been released.
 * - `failed`: the file is not valid, and nothing of it ran. Final.
 * - `in_progress`: lines are released as the lane drains, outcomes are collected.
 * - `finalizing`: no more lines are released; the files are being closed.
 * - `completed`: every line has its outcome. Final.
 * - `expired`: the window passed first; what was done by then is in the files. Final.
 * - `cancelling`: no more lines are released, those released are being called back.
 * - `cancelled`: what was done by then is in the files. Final.
 *
 * A batch that is killed in any state goes on in that state.
 */
export const BATCH_STATUSES = [
  'validating',
  'failed',
  'in_progress',
  'finalizing',
  'completed',
  'expired',
  'cancelling',
  'cancelled',
] as const;

export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** What may be wrong with a line of the input file, or with the file: `code` in a batch's `errors.data`. */
export const LINE_PROBLEMS = {
  empty_file: 'The file has no lines.',
  too_many_lines: 'The file has more lines than a batch may have.',
  file_too_large: 'The file is larger than a batch may be.',
  file_unreadable: 'The file is gone or its content is incomplete.',
  invalid_json_line: 'The line is not one JSON object in UTF-8.',
  line_too_large: 'The line is longer than a request may be.',
  missing_required_parameter: 'A field is missing or has a wrong type.',
  duplicate_custom_id: 'An earlier line has the same custom_id.',
  invalid_method: 'The method of every line is POST.',
  mismatched_url: 'The url of every line is the endpoint of the batch.',
  invalid_body: 'The body is not a valid request of the endpoint.',
  model_not_found: 'There is no such model.',
} as const;

export type LineProblemCode = keyof typeof LINE_PROBLEMS;

/** One entry of a batch's `errors.data`. */
export interface BatchError {
  readonly code: LineProblemCode;
  /** Counted from 1; null when the problem is the file's. */
  readonly line: number | null;
  readonly message: string;
  readonly param: string | null;
}

/** OpenAI's file object. */
export interface FileObject {
  readonly id: string;
  readonly object: 'file';
  readonly bytes: number;
  readonly created_at: number;
  readonly filename: string;
  readonly purpose: FilePurpose;
  readonly status: 'processed';
  readonly expires_at?: number;
}

/** `batch` is what a client uploads, `batch_output` what a batch writes. */
export type FilePurpose = 'batch' | 'batch_output';

export interface FileDeleted {
  readonly id: string;
  readonly object: 'file';
  readonly deleted: true;
}

/** OpenAI's batch object. Instants are absent until they have come. */
export interface BatchObject {
  readonly id: string;
  readonly object: 'batch';
  readonly endpoint: BatchEndpoint;
  /** Absent before validation, and when lines name different models. */
  readonly model?: string;
  readonly errors: { readonly object: 'list'; readonly data: readonly BatchError[] } | null;
  readonly input_file_id: string;
  readonly completion_window: string;
  readonly status: BatchStatus;
  readonly output_file_id: string | null;
  readonly error_file_id: string | null;
  readonly created_at: number;
  readonly in_progress_at: number | null;
  readonly expires_at: number;
  readonly finalizing_at: number | null;
  readonly completed_at: number | null;
  readonly failed_at: number | null;
  readonly expired_at: number | null;
  readonly cancelling_at: number | null;
  readonly cancelled_at: number | null;
  readonly request_counts: BatchRequestCounts;
  readonly usage: BatchUsage;
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** `total` is 0 until the file is validated. In a final state other than `failed`, the other two sum to it. */
export interface BatchRequestCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

export interface BatchUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

/** OpenAI's list. */
export interface Page<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

/** A piece of a file: an object of that name in the bucket `files`. A file is its parts, one after another. */
export interface StoredPart {
  readonly name: string;
  readonly bytes: number;
}

/** The content is in the object store; from now on there is a file. */
export interface RegisterFile {
  readonly tenant: string;
  readonly id: string;
  readonly filename: string;
  readonly purpose: 'batch';
  readonly parts: readonly StoredPart[];
  /** 3,600 to 2,592,000. Default: 30 days. */
  readonly expiresAfterSeconds?: number;
  /** Absent if its lines were not checked while it was uploaded, or not all of them are valid. */
  readonly checked?: CheckedFile;
}

/** Every line of a file was found valid while it was uploaded. */
export interface CheckedFile {
  /** For batches of this endpoint. */
  readonly endpoint: BatchEndpoint;
  readonly lines: number;
  /** If all lines ask for the same one. */
  readonly model?: string;
  /** What the configuration came to that they were held against. */
  readonly configuration: string;
}

/** Asks for one file or one batch. Another tenant's does not exist. */
export interface AskOne {
  readonly tenant: string;
  readonly id: string;
}

export interface AskList {
  readonly tenant: string;
  /** The last id of the page before. */
  readonly after?: string;
  readonly limit: number;
  /** By creation. Default `desc`. */
  readonly order?: 'asc' | 'desc';
  /** Of files only. */
  readonly purpose?: string;
  /** Of batches only. */
  readonly endpoint?: BatchEndpoint;
}

/** Where the bytes of a file lie. */
export interface FileContent {
  readonly filename: string;
  readonly bytes: number;
  readonly parts: readonly StoredPart[];
}

export interface CreateBatch {
  readonly tenant: string;
  /** There is one batch of an id, however often it is asked for, and each time the answer is the first. */
  readonly id: string;
  readonly keyName?: string;
  readonly inputFileId: string;
  readonly endpoint: BatchEndpoint;
  /** As the client wrote it: `24h`, or another `<n>h`, `<n>m`, `<n>s`. */
  readonly completionWindow: string;
  readonly completionWindowMs: number;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** How long the output and error files are kept. Default: 30 days. */
  readonly outputExpiresAfterSeconds?: number;
}
