import { hash } from 'node:crypto';
import { refusal, type Read } from '@penstock/contracts';
import type { Principal } from './principal.js';

export interface ApiKey extends Principal {
  readonly secret: string;
}

/**
 * The API keys this process knows, by the SHA-256 of their secrets: the secrets themselves are not kept, and
 * the time a look-up takes says nothing about them.
 */
export class KeyRing {
  private readonly principals: ReadonlyMap<string, Principal>;

  constructor(keys: readonly ApiKey[]) {
    this.principals = new Map(
      keys.map(({ secret, tenant, keyName }) => [digest(secret), { tenant, keyName }]),
    );
  }

  /** Whose key it is. */
  identify(secret: string | undefined): Read<Principal> {
    if (secret === undefined) return { ok: false, refusal: refusal('missing_api_key') };
    const principal = this.principals.get(digest(secret));
    return principal ? { ok: true, value: principal } : { ok: false, refusal: refusal('invalid_api_key') };
  }
}

function digest(secret: string): string {
  return hash('sha256', secret, 'base64');
}
