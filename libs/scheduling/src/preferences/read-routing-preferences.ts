import { refusal, type Read, type Refusal } from '@penstock/contracts';
import type { z } from 'zod';
import { routingPreferences, type RoutingPreferences } from './routing-preferences.js';

/** The names that may be used in `order`, `only` and `ignore`, and in `models`. */
export interface KnownNames {
  /** A provider's, a deployment's, or the start of a deployment's id up to a `/`. */
  readonly isDeployment: (name: string) => boolean;
  readonly isModel: (name: string) => boolean;
}

/**
 * Reads what a caller says about routing, from a request's `provider` and `models` or from the routing header.
 * A refusal's `param` names the field at fault, such as `provider.max_price.prompt` or `provider.order[1]`.
 * A field nobody knows is refused too: a misspelt constraint that is quietly dropped sends data where it must
 * not go.
 */
export function readRoutingPreferences(value: unknown, known?: KnownNames): Read<RoutingPreferences> {
  const parsed = routingPreferences.safeParse(value);
  if (!parsed.success) return { ok: false, refusal: refusalOf(parsed.error.issues[0]!) };
  const fault = contradiction(parsed.data) ?? (known && unknownName(parsed.data, known));
  return fault ? { ok: false, refusal: fault } : { ok: true, value: parsed.data };
}

/** The same from JSON text, as it stands in the header `Penstock-Routing`. */
export function parseRoutingPreferences(json: string, known?: KnownNames): Read<RoutingPreferences> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, refusal: invalid('Penstock-Routing', 'is not valid JSON') };
  }
  return readRoutingPreferences(value, known);
}

function contradiction({ provider }: RoutingPreferences): Refusal | undefined {
  const ignored = new Set(provider?.ignore);
  for (const field of ['only', 'order'] as const) {
    const at = provider?.[field]?.findIndex((name) => ignored.has(name)) ?? -1;
    if (at >= 0) return unprocessable(`provider.${field}[${at}]`, 'is named in provider.ignore as well');
  }
  if (provider?.order?.length === 0 && provider.allow_fallbacks === false) {
    return unprocessable('provider.order', 'names nobody while provider.allow_fallbacks is false');
  }
  const only = provider?.only;
  const at = only
    ? (provider.order?.findIndex((name) => !only.some((one) => overlaps(one, name))) ?? -1)
    : -1;
  if (at >= 0) return unprocessable(`provider.order[${at}]`, 'is not among provider.only');
  return undefined;
}

function unknownName({ provider, models }: RoutingPreferences, known: KnownNames): Refusal | undefined {
  for (const field of ['order', 'only', 'ignore'] as const) {
    const at = provider?.[field]?.findIndex((name) => !known.isDeployment(name)) ?? -1;
    if (at >= 0) return invalid(`provider.${field}[${at}]`, 'is neither a provider nor a deployment');
  }
  const at = models?.findIndex((model) => !known.isModel(model)) ?? -1;
  return at >= 0 ? refusal('model_not_found', { param: `models[${at}]` }) : undefined;
}

/** Whether one of two names stands for all that the other does. */
function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function refusalOf(issue: z.core.$ZodIssue): Refusal {
  const path = [...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const field = pathText([...path, issue.keys[0]!]);
    return invalid(field, 'is not a field that is known here');
  }
  return invalid(pathText(path), lowerFirst(issue.message));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text ? `${text}.${String(step)}` : String(step);
  }, '');
}

const invalid = (param: string, what: string) =>
  refusal('invalid_request', { param, message: `${param || 'The routing preferences'}: ${what}.` });

const unprocessable = (param: string, what: string) =>
  refusal('unprocessable', { param, message: `${param} ${what}.` });

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
