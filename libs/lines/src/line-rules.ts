import type { BatchEndpoint, Read } from '@penstock/contracts';
import { readRequest } from '@penstock/dialects';
import { admitRoute, type AdmittedRoute, type RouteCatalogue } from '@penstock/scheduling';
import type { AdmittedRequest, RuleBook } from '@penstock/transforms';
import type { LineRules } from './read-line.js';

/** What is known of models and tenants by who reads lines. */
export interface LineRuleSources {
  /** The models and deployments that a line's route is read against. */
  readonly routes: RouteCatalogue;
  /** The presets that lines may name, and whose conversations are trimmed. */
  readonly rules: RuleBook;
}

/** What lines of a tenant's are held against in a batch for an endpoint. */
export function lineRules(sources: LineRuleSources, tenant: string, endpoint: BatchEndpoint): LineRules {
  return {
    endpoint,
    readRequest,
    presets: sources.rules.presets,
    admitRoute: (_, request) => admitLine(sources, tenant, request),
  };
}

/** Where a line of a tenant's may run, or why it may not. */
function admitLine(
  { routes, rules }: LineRuleSources,
  tenant: string,
  { summary, routing, trims }: AdmittedRequest,
): Read<AdmittedRoute> {
  return admitRoute(routes, {
    tenant,
    summary,
    trims: trims ?? rules.trimsFor(tenant),
    ...(routing && { underneath: routing }),
  });
}
