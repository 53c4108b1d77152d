import type {
  CanonicalCall,
  CanonicalResponseFormat,
  CanonicalTool,
  CanonicalToolChoice,
  ReasoningEffort,
} from '@penstock/contracts';
import { functionTool } from '../canonical/function-tool.js';
import { present } from '../canonical/present.js';
import { reasoningEffort } from '../canonical/reasoning-effort.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import { stringMetadata } from '../canonical/string-metadata.js';
import { contentsToCanonical, systemMessages } from './contents-to-canonical.js';
import type {
  FunctionCallingConfig,
  GeminiTool,
  GenerateRequest,
  GenerationConfig,
  ThinkingConfig,
} from './request.js';
import { toJsonSchema } from './schema.js';

/** Fields with a place in the canonical call, or acted on before a provider is chosen. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'contents',
  'systemInstruction',
  'generationConfig',
  'tools',
  'toolConfig',
  'cachedContent',
  'labels',
]);

const KNOWN_CONFIG: ReadonlySet<string> = new Set([
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'candidateCount',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'responseLogprobs',
  'logprobs',
  'responseModalities',
  'thinkingConfig',
]);

export function geminiToCanonical(request: GenerateRequest, shortfalls: Shortfalls): CanonicalCall {
  shortfalls.dropUnknown(request, KNOWN);
  if (request.cachedContent) {
    shortfalls.refuse('cachedContent', 'names what only its own API keeps: send the whole contents');
  }
  const config = request.generationConfig ?? {};
  shortfalls.dropUnknown(config, KNOWN_CONFIG, 'generationConfig.');
  if ((config.candidateCount ?? 1) > 1) shortfalls.drop('generationConfig.candidateCount');
  if (config.responseModalities?.some((modality) => modality.toUpperCase() !== 'TEXT')) {
    shortfalls.drop('generationConfig.responseModalities');
  }
  const choice = request.toolConfig?.functionCallingConfig;
  return present({
    prompt: [
      ...systemMessages(request.systemInstruction, shortfalls),
      ...contentsToCanonical(request.contents, shortfalls),
    ],
    maxOutputTokens: config.maxOutputTokens,
    temperature: config.temperature,
    stopSequences: config.stopSequences,
    topP: config.topP,
    topK: config.topK,
    presencePenalty: config.presencePenalty,
    frequencyPenalty: config.frequencyPenalty,
    responseFormat: responseFormat(config),
    seed: config.seed,
    tools: request.tools && tools(request.tools, shortfalls),
    toolChoice: choice && toolChoice(choice, shortfalls),
    ...present(thinking(config.thinkingConfig ?? {}, shortfalls)),
    topLogprobs: config.responseLogprobs ? (config.logprobs ?? 0) : undefined,
    metadata: request.labels && stringMetadata(request.labels),
  });
}

function tools(list: readonly GeminiTool[], shortfalls: Shortfalls): readonly CanonicalTool[] {
  return list.flatMap((tool, index) => {
    shortfalls.dropUnknown(tool, new Set(['functionDeclarations']), `tools[${index}].`);
    return (tool.functionDeclarations ?? []).map(({ name, description, parameters, parametersJsonSchema }) =>
      functionTool({
        name,
        description,
        parameters: parametersJsonSchema ?? (parameters && toJsonSchema(parameters)),
      }),
    );
  });
}

function toolChoice(
  { mode, allowedFunctionNames: allowed }: FunctionCallingConfig,
  shortfalls: Shortfalls,
): CanonicalToolChoice | undefined {
  const [only, ...others] = allowed ?? [];
  if (others.length > 0) shortfalls.drop('toolConfig.functionCallingConfig.allowedFunctionNames');
  switch (mode?.toUpperCase()) {
    case 'ANY':
      return only !== undefined && others.length === 0
        ? { type: 'tool', toolName: only }
        : { type: 'required' };
    case 'NONE':
      return { type: 'none' };
    case 'AUTO':
      return { type: 'auto' };
    case undefined:
    case 'MODE_UNSPECIFIED':
      return undefined;
    default:
      shortfalls.drop('toolConfig.functionCallingConfig.mode');
      return undefined;
  }
}

function responseFormat(config: GenerationConfig): CanonicalResponseFormat | undefined {
  const { responseMimeType, responseSchema, responseJsonSchema } = config;
  if (responseMimeType !== 'application/json') return undefined;
  const schema = responseJsonSchema ?? (responseSchema ? toJsonSchema(responseSchema) : undefined);
  return present({ type: 'json' as const, schema });
}

function thinking(
  { thinkingBudget, thinkingLevel }: ThinkingConfig,
  shortfalls: Shortfalls,
): { reasoning?: ReasoningEffort | undefined; reasoningBudgetTokens?: number | undefined } {
  if (thinkingLevel) {
    const reasoning = reasoningEffort(thinkingLevel.toLowerCase());
    if (reasoning === undefined) shortfalls.drop('generationConfig.thinkingConfig.thinkingLevel');
    return { reasoning };
  }
  if (thinkingBudget === 0) return { reasoning: 'none' };
  // A budget of -1 leaves it to the model, as does none.
  return thinkingBudget && thinkingBudget > 0 ? { reasoningBudgetTokens: thinkingBudget } : {};
}
