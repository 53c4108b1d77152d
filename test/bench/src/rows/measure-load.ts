import { chatBody, type Gateway } from '../gateways/gateway.js';
import { runLoad, type LoadFigures } from '../load/run-load.js';
import { usageOf } from '../machine/process-usage.js';

export interface GatewayLoad {
  readonly connections: number;
  readonly seconds: number;
  readonly latencyMs: number;
  readonly stream: boolean;
}

export interface MeasuredLoad extends LoadFigures {
  /** Over all processes of the system, per 1,000 answers. */
  readonly cpuSecondsPerThousand: number;
  readonly residentMiB: number;
}

/** Calls a gateway for a while and counts what it answered and what it used. Rejects when it answered nothing. */
export async function measureLoad(gateway: Gateway, load: GatewayLoad): Promise<MeasuredLoad> {
  const { url, headers, model } = gateway.target(load.latencyMs);
  const before = usageOf(gateway.pids());
  const figures = await runLoad({ ...load, url, headers, body: chatBody(model, load.stream) });
  const after = usageOf(gateway.pids());
  if (figures.answered === 0) throw new Error(`no good answer: ${JSON.stringify(figures.failures)}`);
  return {
    ...figures,
    cpuSecondsPerThousand: ((after.cpuSeconds - before.cpuSeconds) / figures.answered) * 1_000,
    residentMiB: after.residentMiB,
  };
}

/** Brings every gateway to its pace; one that cannot answer is left to the measurement to find out. */
export async function warmUp(gateways: readonly Gateway[], load: GatewayLoad): Promise<void> {
  for (const gateway of gateways) await measureLoad(gateway, load).catch(() => undefined);
}
