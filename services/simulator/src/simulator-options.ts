import type { Clock, Random } from '@penstock/resilience';

import type { Logger } from '@penstock/telemetry';

import type { SimulatedModel } from './models/simulated-model.js';

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Decides faults, latencies and texts. Default 1. */
  readonly seed?: number;
  /** Default: those of `DEFAULT_MODELS`. */
  readonly models?: readonly SimulatedModel[];
  /** Keys that are let in. Without one, everybody is. */
  readonly apiKey?: string | readonly string[];
  /** Calls that the ledger remembers. Default 1,000,000. */
  readonly ledgerCapacity?: number;
  /** Where the simulator says what it did not foresee. Default: JSON lines on standard output. */
  readonly logger?: Logger;
  readonly clock: Clock;
  /** For ids only. */
  readonly random: Random;
}
