import type {
  CanonicalContent,
  CanonicalResult,
  FinishReason,
  ProviderOptions,
  TokenLogprob,
  Usage,
} from '@penstock/contracts';
import { argumentsObject } from '../canonical/json-text.js';
import type { AnswerIdentity } from '../translation.js';

/**
 * A whole answer as a `generateContent` response. Thoughts are shown only to a client that asked for them;
 * sources have no place in a part, and are left out.
 */
export function generateResponse(
  result: CanonicalResult,
  includeThoughts: boolean,
  identity: AnswerIdentity,
) {
  const parts = result.content
    .map((content) => geminiPart(content, includeThoughts))
    .filter((part) => part !== undefined);
  return {
    candidates: [finishedCandidate(parts, result.finishReason, result.logprobs)],
    ...(result.usage === undefined ? {} : { usageMetadata: usageMetadata(result.usage) }),
    ...responseTail(identity),
  };
}

export type GeminiPart = Readonly<Record<string, unknown>>;

/** An empty text is nothing, but for a signature that came alone: the vendor sends it on one. */
export function geminiPart(content: CanonicalContent, includeThoughts: boolean): GeminiPart | undefined {
  switch (content.type) {
    case 'text':
    case 'reasoning': {
      const { type, text, providerMetadata } = content;
      if (type === 'reasoning' && !includeThoughts) return undefined;
      const signature = thoughtSignature(providerMetadata);
      if (text === '' && !('thoughtSignature' in signature)) return undefined;
      return { text, ...(type === 'reasoning' ? { thought: true } : {}), ...signature };
    }
    case 'tool-call': {
      const { toolCallId: id, toolName: name, input } = content;
      return {
        functionCall: { id, name, args: argumentsObject(input) },
        ...thoughtSignature(content.providerMetadata),
      };
    }
    case 'file': {
      const { mediaType: mimeType, data } = content;
      if (data.type === 'url') return { fileData: { mimeType, fileUri: data.url.href } };
      return { inlineData: { mimeType, data: data.data } };
    }
    case 'source':
      return undefined;
  }
}

function thoughtSignature(metadata: ProviderOptions | undefined) {
  const signature = metadata?.['google']?.['thoughtSignature'];
  return typeof signature === 'string' ? { thoughtSignature: signature } : {};
}

export function candidate(parts: readonly GeminiPart[]) {
  return { content: { parts, role: 'model' as const }, index: 0 };
}

export function finishedCandidate(
  parts: readonly GeminiPart[],
  reason: FinishReason,
  logprobs: readonly TokenLogprob[] | undefined,
) {
  return {
    ...candidate(parts),
    finishReason: finishReason(reason),
    ...(logprobs === undefined ? {} : { logprobsResult: logprobsResult(logprobs) }),
  };
}

/** What every response and every chunk ends with. */
export function responseTail({ id, model }: AnswerIdentity) {
  return { modelVersion: model, responseId: id };
}

export function usageMetadata(usage: Usage) {
  const thoughts = usage.reasoningTokens ?? 0;
  return {
    promptTokenCount: usage.inputTokens,
    // The vendor counts thoughts beside the answer; ours are part of the output.
    candidatesTokenCount: Math.max(0, usage.outputTokens - thoughts),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    ...(usage.cachedInputTokens === undefined ? {} : { cachedContentTokenCount: usage.cachedInputTokens }),
    ...(thoughts === 0 ? {} : { thoughtsTokenCount: thoughts }),
  };
}

/** The vendor ends a turn of function calls like any other. */
function finishReason({ unified }: FinishReason) {
  switch (unified) {
    case 'length':
      return 'MAX_TOKENS';
    case 'content-filter':
      return 'SAFETY';
    case 'stop':
    case 'tool-calls':
      return 'STOP';
    case 'other':
      return 'OTHER';
  }
}

function logprobsResult(logprobs: readonly TokenLogprob[]) {
  const entry = ({ token, logprob }: { readonly token: string; readonly logprob: number }) => ({
    token,
    logProbability: logprob,
  });
  return {
    chosenCandidates: logprobs.map(entry),
    topCandidates: logprobs.map(({ topLogprobs }) => ({ candidates: topLogprobs.map(entry) })),
  };
}
