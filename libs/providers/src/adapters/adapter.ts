import type { Dialect } from '../passthrough/dialect.js';
import type { ProviderSettings } from '../provider-settings.js';
import type { ErrorDialect } from '../translated/read-failure.js';
import type { ProviderPackage } from '../translated/package-model.js';

/**
 * How to reach one kind of provider. It has a dialect for the client APIs whose bytes it takes as they are, and a
 * package for all others.
 */
export interface Adapter {
  dialect?(settings: ProviderSettings): Dialect;
  readonly package: ProviderPackage;
  /** How the provider words its errors. */
  readonly errors: ErrorDialect;
}
