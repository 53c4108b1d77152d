import { failureKind, type Failure } from '@penstock/contracts';
import {
  AISDKError,
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import type { Dialect } from '../passthrough/dialect.js';
import { isJsonObject, readJson, strings } from '../wire/json.js';
import { failureOfAnswer, type ErrorWords } from '../wire/status-failure.js';
import type { CallTrace } from './call-fetch.js';

export type ErrorDialect = Pick<Dialect, 'readError' | 'reasons'>;

const NO_WORDS: ErrorWords = { words: [], message: '' };
const NO_BODY = Buffer.alloc(0);

/**
 * What an exception or an error part of a provider package stands for. What happened on the wire is asked first: a
 * package sees of a cut connection only that something is not as it should be.
 *
 * The provider's own error body is not passed on: it is in a dialect that the client does not speak. Its sentence is,
 * where the caller is at fault.
 */
export function readFailure(error: unknown, trace: CallTrace, dialect: ErrorDialect, nowMs: number): Failure {
  return trace.failure ?? explain(error, trace, dialect, nowMs);
}

function explain(error: unknown, trace: CallTrace, dialect: ErrorDialect, nowMs: number): Failure {
  const { status, headers } = trace.head ?? { status: 500, headers: {} };
  const refused = (said: ErrorWords): Failure => {
    const failure = failureOfAnswer({ status, headers, body: NO_BODY }, said, dialect.reasons, nowMs);
    const isForCaller = failureKind(failure) === 'caller' && said.message !== '';
    return isForCaller ? { ...failure, callerDetail: said.message } : failure;
  };
  if (APICallError.isInstance(error) && error.statusCode !== undefined) {
    const said = readBody(error.responseBody, dialect);
    if (said || error.statusCode >= 300) return refused(said ?? NO_WORDS);
    return {
      reason: 'malformed_response',
      message: 'The provider sent an answer that cannot be read.',
      status,
    };
  }
  if (UnsupportedFunctionalityError.isInstance(error)) {
    return {
      reason: 'invalid_request',
      message: `The provider does not take ${plain(error.functionality)}.`,
    };
  }
  if (InvalidPromptError.isInstance(error) || InvalidArgumentError.isInstance(error)) {
    return { reason: 'invalid_request', message: 'The provider does not take the prompt as it is.' };
  }
  if (AISDKError.isInstance(error)) {
    return {
      reason: 'malformed_response',
      message: `The provider sent what cannot be read (${plain(error.name)}).`,
    };
  }
  if (trace.head && isJsonObject(error)) return refused(readEvent(error));
  if (trace.head) return { reason: 'malformed_response', message: 'The provider sent what cannot be read.' };
  return { reason: 'internal', message: 'The request to the provider could not be made.' };
}

/** An error body; or the inside of one, which packages make of an event that came before the answer. */
function readBody(body: string | undefined, dialect: ErrorDialect): ErrorWords | undefined {
  const json = body === undefined ? undefined : readJson(body);
  if (!isJsonObject(json)) return undefined;
  return dialect.readError(json) ?? ('message' in json ? readEvent(json) : undefined);
}

/** An error event of a stream, whichever way the package hands it on. */
function readEvent(error: Readonly<Record<string, unknown>>): ErrorWords {
  const numbers = [error.code, error.statusCode].filter((code) => typeof code === 'number').map(String);
  return {
    words: [...strings(error.code, error.type, error.status), ...numbers],
    message: strings(error.message)[0] ?? '',
  };
}

/** A name out of a package's own code, without what a request may have put into it. */
function plain(text: string): string {
  return text.replace(/[^\w .,/*-]/g, '').slice(0, 80);
}
