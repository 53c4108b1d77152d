import type { PlannedUsage } from '../../completion/completion-plan.js';
import type { CallApi } from '../../ledger/ledger-entry.js';
import { rateLimitHeaders } from '../../limits/rate-limit-headers.js';
import type { Dialect, Reading, ReadyCall } from '../dialect.js';
import { renderOpenAiError, renderOpenAiErrorEvent } from '../openai-error.js';

/** One of OpenAI's APIs beside text; they differ only in how a request is read. */
export function mediaDialect(api: CallApi, read: (body: unknown) => Reading<ReadyCall>): Dialect {
  return {
    api,
    idHeader: 'x-request-id',
    renderError: renderOpenAiError,
    renderErrorEvent: renderOpenAiErrorEvent,
    limitHeaders: rateLimitHeaders,
    read,
  };
}

export function plainUsage(inputTokens: number, outputTokens: number): PlannedUsage {
  return { inputTokens, outputTokens, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
}

/** A server-sent event as these APIs write it: named by its `type`. */
export function typedEvent(data: { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
