import { isUtf8 } from 'node:buffer';
import {
  BATCH_ENDPOINTS,
  LINE_PROBLEMS,
  type Api,
  type BatchEndpoint,
  type LineProblemCode,
  type Read,
  type Refusal,
  type RequestSummary,
} from '@penstock/contracts';
import type { AdmittedRoute } from '@penstock/scheduling';
import { admitPreset, type AdmittedRequest, type Presets } from '@penstock/transforms';
import { findField } from './find-field.js';

/** A valid line of an input file. */
export interface BatchLine {
  readonly customId: string;
  readonly api: Api;
  /** The request's own bytes, as they stand in the file, unless it names a preset. */
  readonly body: Uint8Array;
  readonly summary: RequestSummary;
  readonly preset?: string;
  readonly route: AdmittedRoute;
}

/** What is wrong with a line, before it is known which one it is. */
export interface LineProblem {
  readonly code: LineProblemCode;
  readonly message: string;
  readonly param: string | null;
}

/** What a line is held against. */
export interface LineRules {
  readonly endpoint: BatchEndpoint;
  readonly readRequest: (api: Api, body: Uint8Array) => Read<RequestSummary>;
  /** What lines may name. Undefined: what they name is not looked for. */
  readonly presets?: Presets | undefined;
  /** Where the line may run, or why it may not. */
  readonly admitRoute: (summary: RequestSummary, request: AdmittedRequest) => Read<AdmittedRoute>;
}

export type ReadLine =
  { readonly ok: true; readonly line: BatchLine } | { readonly ok: false; readonly problem: LineProblem };

/** Longer ones would make the answer larger than the question. */
const MAX_CUSTOM_ID_LENGTH = 512;

const NULL = Buffer.from('null');

/**
 * Reads one line: `{"custom_id", "method", "url", "body"}`. The body is cut out and read as a request; what
 * remains is parsed with `null` in its place. Both being valid makes the whole line valid, and each byte is
 * parsed once.
 */
export function readLine(bytes: Uint8Array | undefined, rules: LineRules): ReadLine {
  if (bytes === undefined) return wrong('line_too_large', null);
  const span = findField(bytes, 'body');
  const envelope = parseEnvelope(
    span === undefined
      ? bytes
      : Buffer.concat([bytes.subarray(0, span.start), NULL, bytes.subarray(span.end)]),
  );
  if (envelope === undefined) return wrong('invalid_json_line', null);

  const { custom_id: customId, method, url } = envelope;
  if (typeof customId !== 'string' || customId === '') return missing('custom_id', 'a non-empty string');
  if (customId.length > MAX_CUSTOM_ID_LENGTH) {
    return missing('custom_id', `a string of at most ${MAX_CUSTOM_ID_LENGTH} characters`);
  }
  if (method !== 'POST') return wrong('invalid_method', 'method');
  if (url !== rules.endpoint) return wrong('mismatched_url', 'url', `The url must be ${rules.endpoint}.`);
  if (span === undefined) return missing('body', 'an object');

  const api = BATCH_ENDPOINTS[rules.endpoint];
  const request = readBody(api, bytes.subarray(span.start, span.end), rules);
  if (!request.ok) return refused(request.refusal);
  const { summary, body, preset } = request.value;
  if (summary.stream) {
    return wrong('invalid_body', 'body.stream', 'A line of a batch cannot be streamed.');
  }
  const route = rules.admitRoute(summary, request.value);
  if (!route.ok) return refused(route.refusal);
  const line = { customId, api, body, summary, route: route.value };
  return { ok: true, line: { ...line, ...(preset !== undefined && { preset }) } };
}

function readBody(api: Api, body: Uint8Array, { presets, readRequest }: LineRules): Read<AdmittedRequest> {
  if (presets) return admitPreset(presets, api, body, (bytes) => readRequest(api, bytes));
  const read = readRequest(api, body);
  return read.ok ? { ok: true, value: { body, summary: read.value } } : read;
}

function parseEnvelope(bytes: Uint8Array): Record<string, unknown> | undefined {
  // Decoding replaces what is not UTF-8 instead of refusing it, and the client would not find its custom_id again.
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function refused(refusal: Refusal): ReadLine {
  if (refusal.code === 'malformed_json') return wrong('invalid_json_line', 'body');
  const param = refusal.param === undefined ? 'body' : `body.${refusal.param}`;
  const code = refusal.code === 'model_not_found' ? 'model_not_found' : 'invalid_body';
  return wrong(code, param, refusal.message);
}

function missing(param: string, what: string): ReadLine {
  return wrong('missing_required_parameter', param, `${param} must be ${what}.`);
}

function wrong(
  code: LineProblemCode,
  param: string | null,
  message: string = LINE_PROBLEMS[code],
): { readonly ok: false; readonly problem: LineProblem } {
  return { ok: false, problem: { code, message, param } };
}
