import type { Clock, Random } from '@penstock/resilience';

import type { Logger } from '@penstock/telemetry';

import type { Ledger } from '../ledger/ledger.js';
import type { ModelRegistry } from '../models/model-registry.js';
import type { KeyRing } from './key-ring.js';

/** All that the simulator is while it runs; its HTTP server and its control endpoints share it. */
export interface Simulation {
  readonly models: ModelRegistry;
  readonly ledger: Ledger;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For ids only, which no seed has to repeat. */
  readonly random: Random;
}
