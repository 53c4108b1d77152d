import type { IncomingHttpHeaders } from 'node:http';

import type { Directives } from '../completion/directives.js';
import type { Reading } from '../dialects/dialect.js';
import { invalidRequest } from '../dialects/provider-error.js';
import type { Fault } from '../faults/fault.js';
import { readFault } from '../faults/read-fault.js';
import { readLatency } from '../latency/read-latency.js';
import type { LatencySettings } from '../models/simulated-model.js';

/** What a call ordered for itself; where it ordered nothing, its model's settings hold. */
export interface Orders {
  readonly fault: Fault | undefined;
  readonly latency: LatencySettings | undefined;
}

/** Reads the orders from the headers, else from the prompt. One that cannot be read is an error, not silence. */
export function readOrders(headers: IncomingHttpHeaders, directives: Directives): Reading<Orders> {
  const faultOrder = headers['x-simulator-fault']?.toString() ?? directives.fault;
  const latencyOrder = headers['x-simulator-latency']?.toString() ?? directives.latency;
  const fault = faultOrder === undefined ? undefined : readFault(faultOrder);
  const latency = latencyOrder === undefined ? undefined : readLatency(latencyOrder);
  if (faultOrder !== undefined && !fault) return unreadable('x-simulator-fault', faultOrder);
  if (latencyOrder !== undefined && !latency) return unreadable('x-simulator-latency', latencyOrder);
  return { ok: true, value: { fault, latency } };
}

function unreadable(header: string, order: string): Reading<Orders> {
  const message = `The simulator cannot read "${order}"; docs/simulator.md says what it takes.`;
  return { ok: false, error: invalidRequest(message, header) };
}
