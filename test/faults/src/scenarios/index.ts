import { KILL_SERVICES } from './kill-services.js';
import { NATS } from './nats.js';
import type { Scenario } from './scenario.js';

/** Every fault, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [...KILL_SERVICES, ...NATS];
