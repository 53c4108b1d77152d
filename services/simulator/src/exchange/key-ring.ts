import { createHash } from 'node:crypto';

/** Beyond this many keys the names are worked out anew. */
const MOST_NAMES = 10_000;

/** Which keys are let in, and the names under which the ledger and the limits know them. */
export class KeyRing {
  private readonly allowed: ReadonlySet<string>;
  private readonly names = new Map<string, string>();

  /** Without a key, everybody is let in. */
  constructor(keys: readonly string[]) {
    this.allowed = new Set(keys);
  }

  admits(key: string | undefined): boolean {
    return this.allowed.size === 0 || (key !== undefined && this.allowed.has(key));
  }

  /** The first 16 hex digits of the key's SHA-256, so that the ledger tells keys apart and gives none away. */
  nameOf(key: string | undefined): string {
    if (key === undefined) return 'none';
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = createHash('sha256').update(key).digest('hex').slice(0, 16);
    if (this.names.size >= MOST_NAMES) this.names.clear();
    this.names.set(key, name);
    return name;
  }
}
