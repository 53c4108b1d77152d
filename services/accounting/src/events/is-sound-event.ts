import {
  APIS,
  ERRORS,
  FAILURE_REASONS,
  ORIGINS,
  OUTCOMES,
  PRIORITY_CLASSES,
  type JobEvent,
} from '@penstock/contracts';

import { LIMIT } from './event-schema.js';

/**
 * Whether the schema is certain to take a value read from JSON, found out in a tenth of the schema's time and without
 * a copy. False says nothing: then the schema decides, and says what is wrong. The value keeps fields that the schema
 * does not know; nobody reads them.
 */
export function isSoundEvent(value: unknown): value is JobEvent {
  if (!isRecord(value)) return false;
  return (
    value['version'] === 1 &&
    isName(value['job']) &&
    isName(value['tenant']) &&
    CLASSES.has(value['class']) &&
    KNOWN_ORIGINS.has(value['origin']) &&
    KNOWN_APIS.has(value['api']) &&
    isText(value['model']) &&
    isAbsentOr(isName, value['keyName']) &&
    isAbsentOr(isLabels, value['labels']) &&
    isAbsentOr(isName, value['preset']) &&
    isInstant(value['acceptedAtMs']) &&
    isInstant(value['atMs']) &&
    isAbsentOr(isAttempt, value['attempt']) &&
    isAbsentOr(isOutcome, value['outcome']) &&
    isAbsentOr(isString, value['traceparent'])
  );
}

const CLASSES: ReadonlySet<unknown> = new Set(PRIORITY_CLASSES);
const KNOWN_ORIGINS: ReadonlySet<unknown> = new Set(ORIGINS);
const KNOWN_APIS: ReadonlySet<unknown> = new Set(APIS);
const STATES: ReadonlySet<unknown> = new Set(OUTCOMES);
const REASONS: ReadonlySet<unknown> = new Set(Object.keys(FAILURE_REASONS));
const CODES: ReadonlySet<unknown> = new Set(Object.keys(ERRORS));

function isAttempt(value: unknown): boolean {
  return (
    isRecord(value) &&
    isName(value['id']) &&
    isCounter(value['number']) &&
    value['number'] > 0 &&
    isName(value['deployment']) &&
    isName(value['provider']) &&
    isAbsentOr(isName, value['model']) &&
    isName(value['upstreamModel']) &&
    isName(value['worker']) &&
    isInstant(value['startedAtMs']) &&
    isAbsentOr(isInstant, value['firstByteAtMs']) &&
    isInstant(value['endedAtMs']) &&
    isAbsentOr(isUsage, value['usage']) &&
    isAbsentOr(isFailure, value['failure']) &&
    isAbsentOr(isName, value['upstreamId'])
  );
}

function isUsage(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { inputTokens, outputTokens, source } = value;
  const { cachedInputTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = value;
  return (
    isTokens(inputTokens) &&
    isTokens(outputTokens) &&
    isTokens(cachedInputTokens) &&
    isTokens(cacheWriteTokens) &&
    isTokens(reasoningTokens) &&
    (source === 'provider' || source === 'estimated') &&
    cachedInputTokens + cacheWriteTokens <= inputTokens &&
    reasoningTokens <= outputTokens
  );
}

function isFailure(value: unknown): boolean {
  return (
    isRecord(value) &&
    REASONS.has(value['reason']) &&
    isString(value['message']) &&
    isAbsentOr(isCounter, value['status'])
  );
}

function isOutcome(value: unknown): boolean {
  return (
    isRecord(value) &&
    STATES.has(value['state']) &&
    isCounter(value['attempts']) &&
    isAbsentOr((code) => CODES.has(code), value['errorCode'])
  );
}

function isLabels(value: unknown): boolean {
  return isRecord(value) && isAbsentOr(isText, value['user']) && isAbsentOr(isMetadata, value['metadata']);
}

function isMetadata(value: unknown): boolean {
  if (!isRecord(value)) return false;
  // The schema drops this one name, and what is kept of metadata is all of it.
  return !Object.hasOwn(value, '__proto__') && Object.values(value).every(isText);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** In JSON nothing is undefined that is there. */
function isAbsentOr(check: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || check(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isText(value: unknown): value is string {
  return isString(value) && value.length <= LIMIT.textLength && !value.includes('\0');
}

function isName(value: unknown): value is string {
  return isText(value) && value !== '';
}

function isTokens(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounter(value: unknown): value is number {
  return isTokens(value) && value <= LIMIT.counter;
}

function isInstant(value: unknown): value is number {
  return isTokens(value) && value <= LIMIT.instantMs;
}
