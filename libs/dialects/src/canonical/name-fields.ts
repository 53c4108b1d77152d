import type { Api } from '@penstock/contracts';

const OF_OPENAI = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  seed: 'seed',
  stopSequences: 'stop',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  tools: 'tools',
  toolChoice: 'tool_choice',
};

/** What the fields of a canonical call are called in each dialect. */
const NAMES: Partial<Record<Api, Readonly<Record<string, string>>>> = {
  'openai.chat': { ...OF_OPENAI, responseFormat: 'response_format', reasoning: 'reasoning_effort' },
  'openai.completions': OF_OPENAI,
  'openai.responses': { ...OF_OPENAI, responseFormat: 'text.format', reasoning: 'reasoning' },
  'anthropic.messages': {
    ...OF_OPENAI,
    stopSequences: 'stop_sequences',
    responseFormat: 'output_config.format',
    reasoning: 'thinking',
  },
  'gemini.generate': {
    ...Object.fromEntries(Object.keys(OF_OPENAI).map((name) => [name, `generationConfig.${name}`])),
    tools: 'tools',
    toolChoice: 'toolConfig',
    responseFormat: 'generationConfig.responseSchema',
    reasoning: 'generationConfig.thinkingConfig',
  },
};

/** Fields of a canonical call as the client named them; what only Penstock has a name for is left out. */
export function nameFields(api: Api, fields: readonly string[]): readonly string[] {
  const names = NAMES[api] ?? {};
  return fields.flatMap((field) => (Object.hasOwn(names, field) ? [names[field] ?? field] : []));
}
