import type {
  CompletionPlan,
  Finish,
  PlannedChoice,
  PlannedToolCall,
  PlannedUsage,
} from '../../completion/completion-plan.js';
import { countTokens, splitTokens } from '../../completion/count-tokens.js';
import type { AnswerStamp, StreamEvent } from '../dialect.js';
import type { GeminiOptions } from './read-gemini-request.js';

/** A call of a function ends with STOP, as any answer that is whole. */
const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  refused: 'SAFETY',
};

/** The whole answer as JSON. */
export function renderGemini(
  model: string,
  plan: CompletionPlan,
  options: GeminiOptions,
  stamp: AnswerStamp,
): string {
  const candidates = plan.choices.map((choice, index) => ({
    content: { parts: partsOf(choice, options), role: 'model' },
    finishReason: FINISH_REASONS[choice.finish],
    index,
  }));
  return JSON.stringify(responseOf(model, candidates, plan.usage, plan.usage, stamp));
}

/** The chunks of a stream as one array. */
export function renderGeminiArray(
  model: string,
  plan: CompletionPlan,
  options: GeminiOptions,
  stamp: AnswerStamp,
): string {
  const chunks = [...renderGeminiStream(model, plan, options, stamp)].map(({ text }) =>
    text.trim().slice('data: '.length),
  );
  return `[${chunks.join(',\n')}]`;
}

/**
 * The answer as chunks, each a response with what is new: a token of text, or a whole call, for Gemini does not stream
 * the input of a call. Thoughts that are not shown have no chunk: their
 * tokens go with the next one. Each chunk has the usage so far.
 */
export function* renderGeminiStream(
  model: string,
  plan: CompletionPlan,
  options: GeminiOptions,
  stamp: AnswerStamp,
): Generator<StreamEvent, void, void> {
  let outputTokens = 0;
  let reasoningTokens = 0;
  let hiddenTokens = 0;
  for (const [index, choice] of plan.choices.entries()) {
    const pieces = piecesOf(choice, options);
    for (const [at, piece] of pieces.entries()) {
      outputTokens += piece.tokens;
      if (piece.isThought) reasoningTokens += piece.tokens;
      if (piece.part === undefined) {
        hiddenTokens += piece.tokens;
        continue;
      }
      const isLast = at === pieces.length - 1;
      const candidate = {
        content: { parts: [piece.part], role: 'model' },
        ...(isLast && { finishReason: FINISH_REASONS[choice.finish] }),
        index,
      };
      const soFar = { ...plan.usage, outputTokens, reasoningTokens };
      const response = responseOf(model, [candidate], soFar, plan.usage, stamp);
      yield { text: `data: ${JSON.stringify(response)}\n\n`, tokens: hiddenTokens + piece.tokens };
      hiddenTokens = 0;
    }
  }
}

interface Piece {
  readonly part: object | undefined;
  readonly tokens: number;
  readonly isThought: boolean;
}

function piecesOf(choice: PlannedChoice, { showThoughts }: GeminiOptions): Piece[] {
  const pieces: Piece[] = [];
  for (const text of splitTokens(choice.reasoning)) {
    pieces.push({ part: showThoughts ? { text, thought: true } : undefined, tokens: 1, isThought: true });
  }
  for (const text of splitTokens(choice.text)) pieces.push({ part: { text }, tokens: 1, isThought: false });
  for (const call of choice.toolCalls) {
    const tokens = countTokens(call.name) + countTokens(call.input);
    pieces.push({ part: callPart(call), tokens, isThought: false });
  }
  // An answer of nothing but hidden thoughts, or of nothing at all, still has to say how it finished.
  if (pieces.every(({ part }) => part === undefined))
    pieces.push({ part: { text: '' }, tokens: 0, isThought: false });
  return pieces;
}

function partsOf(choice: PlannedChoice, { showThoughts }: GeminiOptions): object[] {
  return [
    ...(showThoughts && choice.reasoning !== '' ? [{ text: choice.reasoning, thought: true }] : []),
    ...(choice.text === '' ? [] : [{ text: choice.text }]),
    ...choice.toolCalls.map(callPart),
  ];
}

/** An input that the bound cut is no JSON any more; the call then has none. */
function callPart({ name, input }: PlannedToolCall): object {
  try {
    return { functionCall: { name, args: JSON.parse(input) as unknown } };
  } catch {
    return { functionCall: { name, args: {} } };
  }
}

function responseOf(
  model: string,
  candidates: readonly object[],
  { inputTokens, outputTokens, cachedTokens, reasoningTokens }: PlannedUsage,
  planned: PlannedUsage,
  stamp: AnswerStamp,
): object {
  // Gemini counts the thoughts apart from the candidates, not as part of them.
  const usageMetadata = {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - reasoningTokens,
    totalTokenCount: inputTokens + outputTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    ...(cachedTokens > 0 && { cachedContentTokenCount: cachedTokens }),
    ...(planned.reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
  };
  return { candidates, ...(stamp.withUsage && { usageMetadata }), modelVersion: model, responseId: stamp.id };
}
