import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { NestFactory } from '@nestjs/core';
import { createLogger, nestLogger } from '@penstock/telemetry';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import { KeyRing } from './exchange/key-ring.js';
import { answerProviderRequest } from './exchange/answer-provider-request.js';
import type { Simulation } from './exchange/simulation.js';
import { Ledger } from './ledger/ledger.js';
import { DEFAULT_MODELS } from './models/default-models.js';
import { ModelRegistry } from './models/model-registry.js';
import type { SimulatorOptions } from './simulator-options.js';
import { SimulatorModule } from './simulator.module.js';

export interface RunningSimulator {
  readonly port: number;
  /** Without a path: dialects have their own. */
  readonly url: string;
  /** For tests in the same process; everybody else asks `GET /_simulator/…`. */
  readonly simulation: Simulation;
  /** Ends calls under way as if the network had failed. */
  close(): Promise<void>;
}

const DEFAULT_LEDGER_CAPACITY = 1_000_000;

/** Longer than any caller keeps an idle connection, so that none is closed at the moment it is used again. */
const KEEP_ALIVE_MS = 120_000;

export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { clock, random, host = '127.0.0.1', seed = 1 } = options;
  const logger = options.logger ?? createLogger({ service: 'simulator', level: 'info' });
  const simulation: Simulation = {
    clock,
    random,
    logger,
    models: new ModelRegistry(options.models ?? DEFAULT_MODELS, seed, clock),
    ledger: new Ledger(options.ledgerCapacity ?? DEFAULT_LEDGER_CAPACITY),
    keys: new KeyRing(options.apiKey === undefined ? [] : [options.apiKey].flat()),
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    SimulatorModule.of(simulation),
    new FastifyAdapter({
      serverFactory: (handler: RequestListener) => serverOf(simulation, handler),
      forceCloseConnections: true,
    }),
    { logger: nestLogger(logger) },
  );
  await app.listen(options.port ?? 0, host);
  const server = app.getHttpServer();
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}`,
    simulation,
    close: async () => {
      server.closeAllConnections();
      await app.close();
    },
  };
}

function serverOf(simulation: Simulation, handler: RequestListener): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (!answerProviderRequest(simulation, request, response)) handler(request, response);
  });
}
