import { ROUTING_FIELDS, type RequestNeeds, type RequestSummary } from '@penstock/contracts';
import { isObject, type JsonObject } from '../json/check.js';
import { readLabels } from './read-labels.js';

/** What a request is about, and how it is to be answered: no parameters that a model supports or not. */
const NO_PARAMETERS: ReadonlySet<string> = new Set([
  ...ROUTING_FIELDS,
  ...['model', 'messages', 'input', 'prompt', 'contents', 'system', 'systemInstruction', 'instructions'],
  ...[
    'stream',
    'stream_options',
    'user',
    'safety_identifier',
    'metadata',
    'service_tier',
    'generationConfig',
  ],
]);

/**
 * What a body says of where it is to run, and what it needs there. The routing fields are handed on as they are; who
 * admits the job checks them. Costs nothing for a body that says nothing.
 */
export function readWishes(
  body: JsonObject,
  asked: { readonly tools?: boolean; readonly vision?: boolean; readonly jsonSchema?: boolean },
): Pick<RequestSummary, 'needs' | 'routing' | 'conversation' | 'labels' | 'preset'> {
  const { provider, models, session_id, preset, prompt_cache_key: conversation } = body;
  const speaksOfRouting = provider !== undefined || models !== undefined || session_id !== undefined;
  const needs: RequestNeeds = {
    ...(asked.tools && { tools: true }),
    ...(asked.vision && { vision: true }),
    ...(asked.jsonSchema && { jsonSchema: true }),
    ...(isObject(provider) && provider['require_parameters'] === true && { parameters: parametersOf(body) }),
  };
  const needsAny = asked.tools || asked.vision || asked.jsonSchema || needs.parameters !== undefined;
  return {
    ...(needsAny && { needs }),
    ...(speaksOfRouting && { routing: { provider, models, session_id } }),
    ...(typeof conversation === 'string' && { conversation }),
    ...presetOf({ preset }),
    ...readLabels(body),
  };
}

/** The preset that a body names, whatever it is: who looks it up checks it. */
export function presetOf({ preset }: JsonObject): Pick<RequestSummary, 'preset'> {
  return preset === undefined || preset === null ? {} : { preset };
}

function parametersOf(body: JsonObject): string[] {
  const { generationConfig } = body;
  const nested = isObject(generationConfig) ? Object.entries(generationConfig) : [];
  return [...Object.entries(body), ...nested]
    .filter(([name, value]) => value !== null && value !== undefined && !NO_PARAMETERS.has(name))
    .map(([name]) => name);
}
