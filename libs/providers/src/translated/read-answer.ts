import type {
  CanonicalContent,
  CanonicalResult,
  FinishReason,
  JsonMap,
  ProviderOptions,
  TokenLogprob,
  Usage,
} from '@penstock/contracts';
import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4Usage,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { isJsonObject } from '../wire/json.js';
import type { ProviderPackage } from './package-model.js';

/** What a package leaves out and its adapter knows. */
export type PackageWords = Pick<ProviderPackage, 'finishReasons' | 'moreUsage'>;

/** A package's whole answer in canonical form; undefined when the model did not finish it. */
export function readResult(
  answer: LanguageModelV4GenerateResult,
  target: PackageWords,
): CanonicalResult | undefined {
  const finishReason = readFinishReason(answer.finishReason, answer.providerMetadata, target);
  if (!finishReason) return undefined;
  const usage = readUsage(answer.usage, target);
  const logprobs = readLogprobs(answer.providerMetadata);
  const { id, timestamp, modelId } = answer.response ?? {};
  return {
    content: answer.content.map(readContent).filter((content) => content !== undefined),
    finishReason,
    ...(usage && { usage }),
    response: {
      ...(id !== undefined && { id }),
      ...(timestamp && { timestamp }),
      ...(modelId !== undefined && { modelId }),
    },
    ...(logprobs && { logprobs }),
  };
}

/**
 * One piece of content; undefined for what no client dialect can show, such as a tool that the provider ran by itself.
 */
export function readContent(content: LanguageModelV4Content): CanonicalContent | undefined {
  switch (content.type) {
    case 'text':
    case 'reasoning':
      return { type: content.type, text: content.text, ...metadata(content) };
    case 'tool-call': {
      if (content.providerExecuted) return undefined;
      const { toolCallId, toolName, input } = content;
      return { type: 'tool-call', toolCallId, toolName, input, ...metadata(content) };
    }
    case 'file':
      return readFile(content);
    case 'source':
      if (content.sourceType !== 'url') return undefined;
      return {
        type: 'source',
        sourceType: 'url',
        id: content.id,
        url: content.url,
        ...(content.title !== undefined && { title: content.title }),
      };
    default:
      return undefined;
  }
}

/**
 * Undefined when the answer broke off: the package saw an error or no sign of an end. A package that knows no word
 * for that says `other` without a word of the provider's.
 */
export function readFinishReason(
  given: LanguageModelV4FinishReason,
  providerMetadata: unknown,
  { finishReasons }: PackageWords,
): FinishReason | undefined {
  const { raw } = given;
  const unified = (raw === undefined ? undefined : finishReasons?.[raw]) ?? given.unified;
  if (unified === 'interrupted' || unified === 'error' || (unified === 'other' && raw === undefined))
    return undefined;
  const stopSequence = deep(providerMetadata, 'anthropic', 'stopSequence');
  return { unified, raw, ...(typeof stopSequence === 'string' && { stopSequence }) };
}

/** What of the call a package left out, by the field's name. */
export function readUnsupported(warnings: readonly SharedV4Warning[]): readonly string[] {
  return warnings.flatMap((warning) => (warning.type === 'unsupported' ? [warning.feature] : []));
}

/** Undefined when the provider did not say. */
export function readUsage(
  { inputTokens, outputTokens, raw }: LanguageModelV4Usage,
  { moreUsage }: PackageWords,
): Usage | undefined {
  if (inputTokens.total === undefined) return undefined;
  return {
    inputTokens: inputTokens.total,
    outputTokens: outputTokens.total ?? 0,
    ...(inputTokens.cacheRead !== undefined && { cachedInputTokens: inputTokens.cacheRead }),
    ...(inputTokens.cacheWrite !== undefined && { cacheWriteTokens: inputTokens.cacheWrite }),
    ...(outputTokens.reasoning !== undefined && { reasoningTokens: outputTokens.reasoning }),
    ...(moreUsage && isJsonObject(raw) && moreUsage(raw)),
    source: 'provider',
  };
}

/** OpenAI's log probabilities, the only ones that a package hands on; of Responses it makes a list for each text. */
export function readLogprobs(providerMetadata: unknown): readonly TokenLogprob[] | undefined {
  const entries = deep(providerMetadata, 'openai', 'logprobs');
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  return (entries as (RawLogprob | RawLogprob[])[]).flat().map(({ token, logprob, top_logprobs }) => ({
    token,
    logprob,
    topLogprobs: (top_logprobs ?? []).map((top) => ({ token: top.token, logprob: top.logprob })),
  }));
}

interface RawLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top_logprobs?: readonly { readonly token: string; readonly logprob: number }[];
}

export function metadata(part: { providerMetadata?: unknown }): { providerMetadata?: ProviderOptions } {
  return isJsonObject(part.providerMetadata)
    ? { providerMetadata: part.providerMetadata as Record<string, JsonMap> }
    : {};
}

function readFile(content: LanguageModelV4Content & { type: 'file' }): CanonicalContent | undefined {
  const { mediaType, data } = content;
  if (data.type === 'url') return { type: 'file', mediaType, data: { type: 'url', url: data.url } };
  if (data.type !== 'data') return undefined;
  const base64 = typeof data.data === 'string' ? data.data : Buffer.from(data.data).toString('base64');
  return { type: 'file', mediaType, data: { type: 'data', data: base64 } };
}

function deep(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), value);
}
