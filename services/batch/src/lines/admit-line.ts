import type { Read } from '@penstock/contracts';
import { admitRoute, type AdmittedRoute } from '@penstock/scheduling';
import type { AdmittedRequest } from '@penstock/transforms';
import type { BatchParts } from '../running/batch-parts.js';

/** Where a line of a tenant's may run, or why it may not. */
export function admitLine(
  { routes, rules }: Pick<BatchParts, 'routes' | 'rules'>,
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
