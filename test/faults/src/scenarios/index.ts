import { CLIENTS } from './clients.js';
import { CLOCK } from './clock.js';
import { CLUSTER } from './cluster.js';
import { DISKS } from './disks.js';
import { DUPLICATES } from './duplicates.js';
import { FUZZ } from './fuzz.js';
import { HOSTILE_HTTP } from './hostile-http.js';
import { KILL_HOLDERS } from './kill-holders.js';
import { KILL_SERVICES } from './kill-services.js';
import { LIMITS } from './limits.js';
import { NATS } from './nats.js';
import { OUTAGE } from './outage.js';
import { POISON } from './poison.js';
import { POSTGRES } from './postgres.js';
import { PROVIDER } from './provider.js';
import { ROLLING_RESTART } from './rolling-restart.js';
import type { Scenario } from './scenario.js';

/** Every fault, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  ...KILL_SERVICES,
  KILL_HOLDERS,
  LIMITS,
  ROLLING_RESTART,
  ...NATS,
  ...CLUSTER,
  ...POSTGRES,
  ...DISKS,
  ...PROVIDER,
  ...CLIENTS,
  ...DUPLICATES,
  ...POISON,
  ...CLOCK,
  OUTAGE,
  HOSTILE_HTTP,
  FUZZ,
];
