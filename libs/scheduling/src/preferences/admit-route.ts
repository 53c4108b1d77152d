import {
  refusal,
  type Job,
  type Read,
  type RequestNeeds,
  type RequestSummary,
  type RoutingFields,
} from '@penstock/contracts';
import type { RouteCatalogue } from '../candidates/route-catalogue.js';
import { readModelName, withVariant } from './model-name.js';
import { readRoutingPreferences } from './read-routing-preferences.js';
import type { RoutingPreferences } from './routing-preferences.js';

/** What a job's record says of its route, from whatever entrance it came. */
export type AdmittedRoute = Pick<Job, 'model' | 'estimatedOutputTokens' | 'routing' | 'needs' | 'trims'>;

/** What is asked for. */
export interface AskedRoute {
  readonly tenant: string;
  readonly summary: RequestSummary;
  /** Routing preferences beside the body: the text of a header. What the body says stands above it. */
  readonly header?: string;
  /** The header's name, for a refusal. */
  readonly headerName?: string;
  /** Preferences below both, such as a preset's. */
  readonly underneath?: RoutingFields;
  /** The conversation is made to fit wherever the job runs. */
  readonly trims?: boolean;
}

/**
 * Reads and checks where a job may run, once, when it is admitted. The refusal names the field at fault, or says
 * which constraint removed which deployment. A request that says nothing about it costs a look at its model.
 */
export function admitRoute(catalogue: RouteCatalogue, asked: AskedRoute): Read<AdmittedRoute> {
  const { summary, tenant } = asked;
  const named = catalogue.isModel(summary.model) ? { model: summary.model } : readModelName(summary.model);
  const model = catalogue.model(named.model);
  if (!model) return { ok: false, refusal: modelNotFound(summary.model) };
  const said = readSaid(catalogue, asked);
  if (!said.ok) return said;
  if (said.value?.provider?.hedge !== undefined && said.value.provider.hedge !== false && !model.hedge)
    return { ok: false, refusal: hedgingNotAllowed(model.name) };
  const conversation = model.strategy === 'sticky' ? summary.conversation : undefined;
  const preferences = withConversation(withVariant(said.value ?? NOTHING, named), conversation);
  const route: AdmittedRoute = {
    model: model.name,
    estimatedOutputTokens: Math.min(summary.maxOutputTokens ?? model.maxOutputTokens, model.maxOutputTokens),
    // An empty object too: the body has fields that are not for the provider.
    ...((said.value !== undefined || preferences !== NOTHING) && { routing: JSON.stringify(preferences) }),
    ...needsThatMatter(catalogue, model.name, summary.needs, preferences),
    ...(asked.trims && { trims: true }),
  };
  const { estimatedInputTokens } = summary;
  const plan = catalogue.plan({ ...route, tenant, estimatedInputTokens });
  return plan.ok ? { ok: true, value: route } : plan;
}

/** What body and header say together; undefined when neither says anything. */
function readSaid(
  catalogue: RouteCatalogue,
  { summary: { routing }, header, headerName = 'Penstock-Routing', underneath }: AskedRoute,
): Read<RoutingPreferences | undefined> {
  if (routing === undefined && header === undefined && underneath === undefined)
    return { ok: true, value: undefined };
  const written = header === undefined ? {} : parseObject(header);
  if (!written) {
    const message = `${headerName}: is not one JSON object.`;
    return { ok: false, refusal: refusal('invalid_request', { param: headerName, message }) };
  }
  // What is null is not said.
  const inBody = Object.entries(routing ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return readRoutingPreferences({ ...underneath, ...written, ...Object.fromEntries(inBody) }, catalogue);
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function withConversation(
  preferences: RoutingPreferences,
  conversation: string | undefined,
): RoutingPreferences {
  if (conversation === undefined || conversation === '' || preferences.session_id !== undefined)
    return preferences;
  return { ...preferences, session_id: conversation.slice(0, 256) };
}

/** Needs are noted only where a deployment may not meet them, or the caller insists. */
function needsThatMatter(
  catalogue: RouteCatalogue,
  model: string,
  needs: RequestNeeds | undefined,
  { models }: RoutingPreferences,
): { readonly needs?: RequestNeeds } {
  if (!needs) return {};
  const plain =
    needs.parameters === undefined && [model, ...(models ?? [])].every((name) => catalogue.isPlain(name));
  return plain ? {} : { needs };
}

function modelNotFound(model: string) {
  return refusal('model_not_found', {
    param: 'model',
    message: `There is no model ${JSON.stringify(model)}. GET /v1/models lists those this key may use.`,
  });
}

function hedgingNotAllowed(model: string) {
  return refusal('unprocessable', {
    param: 'provider.hedge',
    message: `The configuration does not let attempts of ${JSON.stringify(model)} be hedged. Leave provider.hedge out, or set it to false.`,
  });
}

const NOTHING: RoutingPreferences = {};
