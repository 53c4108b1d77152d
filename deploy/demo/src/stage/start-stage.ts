import path from 'node:path';
import { readSettings } from '@penstock/config';
import { openDatabase } from '@penstock/persistence';
import type { Clock } from '@penstock/resilience';
import { receiveSpans } from '@penstock/telemetry';
import { startInstallation, type Installation } from '../../../local/src/index.js';
import { ApiClient } from '../outside/api-client.js';
import { setSimulatedModels } from './simulated-models.js';
import type { Stage } from './stage.js';

export interface StageOptions {
  /** The checkout. */
  readonly root: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Starts what `npm start` starts, with a configuration of its own, on free ports and on servers of its own even
 * where the environment names others: nothing of this shall be found anywhere afterwards.
 */
export async function startStage(options: StageOptions): Promise<Stage> {
  const { root, dataDir, clock, signal, say } = options;
  const { natsUrl, databaseUrl, ...settings } = readSettings();
  if (natsUrl ?? databaseUrl) say('servers named in the environment are left alone');
  const spans = await receiveSpans();
  let installation: Installation | undefined;
  try {
    installation = await startInstallation({
      settings: {
        ...settings,
        httpPort: 0,
        simulatorPort: 0,
        configPath: path.join(root, 'deploy/demo/penstock.yaml'),
        dataDir,
      },
      env: process.env,
      root,
      clock,
      say,
      signal,
      throwAway: true,
      serviceEnv: {
        ...ELSEWHERE,
        ...spans.env,
        // The calls of the demo that bring a traceparent, and no others.
        OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      },
    });
    await setSimulatedModels(installation, signal);
    return stageOn(installation, spans, clock, signal);
  } catch (error) {
    await installation?.stop();
    await spans.close();
    throw error;
  }
}

/** Whatever else the environment says about traces would send them somewhere else, or nowhere. */
const ELSEWHERE = {
  OTEL_SDK_DISABLED: undefined,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: undefined,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: undefined,
};

function stageOn(
  installation: Installation,
  spans: Stage['spans'],
  clock: Clock,
  signal: AbortSignal,
): Stage {
  const database = openDatabase({ url: installation.databaseUrl, applicationName: 'demo', poolSize: 2 });
  const client = (tenant: string) => {
    const { keys = [] } = installation.config.tenants.find(({ id }) => id === tenant) ?? {};
    return new ApiClient(tenant, installation.httpUrl, keys[0]?.secret ?? '', signal);
  };
  return {
    installation,
    spans,
    database,
    clients: { acme: client('acme'), globex: client('globex') },
    clock,
    signal,
    accepted: { http: 0, subject: 0, batch: 0 },
    traceIds: [],
    async close() {
      await database.close();
      await installation.stop();
      await spans.close();
    },
  };
}
