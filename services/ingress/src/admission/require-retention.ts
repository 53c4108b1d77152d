import { refusal, RefusedError } from '@penstock/contracts';

/** Refuses what has to lie here until it is fetched to a tenant of which nothing may be kept. */
export function requireRetention(
  { keepsAnswers }: { readonly keepsAnswers: (tenant: string) => boolean },
  tenant: string,
  param?: string,
): void {
  if (!keepsAnswers(tenant)) {
    throw new RefusedError(refusal('retention_required', { ...(param !== undefined && { param }) }));
  }
}
