import { findClaim, type ClaimAddress, type Connection } from '@penstock/messaging';
import { sleep, type Clock } from '@penstock/resilience';

const FIRST_LOOK_AFTER_MS = 5;
const LAST_LOOK_AFTER_MS = 320;

/**
 * Where the job of a claim was stored. Whoever stored it notes that a moment later, and a quick job may have ended by
 * then; its public id has the address in it, and all who ask for the job are to get the same id. Undefined when it was
 * not noted in time: then it was stored by an ingress that died, and nobody has heard of the address.
 */
export async function awaitRecord(
  { connection, clock }: { readonly connection: Connection; readonly clock: Clock },
  address: ClaimAddress,
): Promise<number | undefined> {
  for (let delayMs = FIRST_LOOK_AFTER_MS; delayMs <= LAST_LOOK_AFTER_MS; delayMs *= 2) {
    await sleep(clock, delayMs);
    const claim = await findClaim(connection, address).catch(() => undefined);
    if (claim && 'job' in claim && claim.record !== undefined) return claim.record;
  }
  return undefined;
}
