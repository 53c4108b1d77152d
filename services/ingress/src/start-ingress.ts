import 'reflect-metadata';
import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  DEFAULT_RESULT_TTL_MS,
  EventRoom,
  FileStore,
  ResponseStore,
  type Connection,
} from '@penstock/messaging';
import type { Clock, MakeId } from '@penstock/resilience';
import {
  policyOf,
  RouteCatalogue,
  type DeploymentProfile,
  type RoutedModel,
  type RoutedTenant,
} from '@penstock/scheduling';
import { nestLogger, type Telemetry } from '@penstock/telemetry';
import { NO_RULES, type RuleBook } from '@penstock/transforms';
import { KeyRing, type ApiKey } from './admission/key-ring.js';
import { drainConnections } from './http/drain-connections.js';
import { countRefusal } from './http/error-reply.js';
import { ErrorFilter } from './http/error.filter.js';
import { RouteTable } from './http/route-table.js';
import { IngressModule } from './ingress.module.js';
import type { IngressParts } from './ingress.parts.js';
import { listModels, type OfferedDeployment } from './models/list-models.js';
import { KeptResponses } from './responses/kept-responses.js';
import { watchHealth } from './models/watch-health.js';
import { watchPaces } from './models/watch-paces.js';
import { ReplyDesk } from './replies/reply-desk.js';

interface WeightedShare {
  /** Against other tenants of a class. Default 1. */
  readonly weight?: number;
}

/** How long answers are cached whose requests do not say. Default: only of requests that do. */
interface CachePolicy {
  readonly cache?: { readonly ttlMs: number };
}

export interface IngressOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** This ingress's id, a subject token, unique among those alive. */
  readonly ingress: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly keys: readonly ApiKey[];
  readonly models: readonly (RoutedModel & CachePolicy)[];
  /** Those of the models. Default none: then no constraint can be held against them. */
  readonly deployments?: readonly (DeploymentProfile & OfferedDeployment)[];
  /** Those whose data may not go everywhere, or whose weight is not 1. */
  readonly tenants?: readonly (RoutedTenant & CachePolicy & WeightedShare)[];
  /** What requests and answers are transformed by, and the presets. Default nothing. */
  readonly rules?: RuleBook;
  readonly telemetry: Telemetry;
  /** The largest body of a request. Default 20 MiB. */
  readonly bodyBytes?: number;
  /** How long the caller of a stream may take nothing of what waits for it. Default 60 s. */
  readonly readerStallMs?: number;
  /** How long a response is kept to be gone on from. Default 24 h. */
  readonly resultTtlMs?: number;
  /** The largest file of a batch. Default 200 MiB. */
  readonly fileBytes?: number;
  /** Digest of the configuration that all this is of. Without it files are not checked while they are uploaded. */
  readonly configuration?: string;
}

export interface RunningIngress {
  readonly port: number;
  /** Takes no more requests, and waits for those that wait for an answer. */
  close(): Promise<void>;
}

/** Starts the HTTP entrance. */
export async function startIngress(options: IngressOptions): Promise<RunningIngress> {
  const { connection, clock, makeId, telemetry } = options;
  const bodyBytes = options.bodyBytes ?? 20 * 1024 ** 2;
  const policy = policyOf(options.tenants ?? []);
  const { health, stop: stopWatching } = watchHealth(connection, clock);
  const cachedModels = new Map(options.models.map(({ name, cache }) => [name, cache?.ttlMs]));
  const cachedTenants = new Map(options.tenants?.map(({ id, cache }) => [id, cache?.ttlMs]));
  const { paces, stop: stopPaces } = watchPaces(connection, clock);
  const weights = new Map(options.tenants?.map(({ id, weight }) => [id, weight ?? 1]));
  // Not in the first job's way.
  await connection.seals.load();
  const eventRoom = new EventRoom(connection, clock);
  const parts: IngressParts = {
    health,
    paces,
    weightOf: (tenant) => weights.get(tenant) ?? 1,
    connection,
    clock,
    makeId,
    eventRoom,
    tracing: telemetry.tracing,
    desk: new ReplyDesk(connection, options.ingress),
    keys: new KeyRing(options.keys),
    models: listModels(options.models, options.deployments ?? []),
    telemetry,
    routes: new RouteCatalogue(options.models, options.deployments ?? [], policy),
    bodyBytes,
    rules: options.rules ?? NO_RULES,
    readerStallMs: options.readerStallMs ?? 60_000,
    cacheTtlMs: (tenant, model) => cachedModels.get(model) ?? cachedTenants.get(tenant),
    keepsAnswers: (tenant) => policy(tenant)?.zeroRetention !== true,
    responses: new KeptResponses(
      await ResponseStore.open(connection, options.resultTtlMs ?? DEFAULT_RESULT_TTL_MS),
    ),
    files: await FileStore.open(connection),
    fileBytes: options.fileBytes ?? 200 * 1024 ** 2,
    configuration: options.configuration,
  };
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytes,
    // OpenRouter's clients call the same paths below /api.
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/api/v1/') ? url.slice('/api'.length) : url),
    genReqId: () => makeId('req'),
    // Slow senders hold a connection no longer than this.
    requestTimeout: 60_000,
    // What still comes on a connection that is open is answered, and the connection ends with it: Fastify's own 503 is in no
    // API's shape, and the caller has no other ingress to go to on this connection.
    return503OnClosing: false,
  });
  // Bodies stay the bytes that were sent: what goes to the provider is what the client wrote.
  const fastify = adapter.getInstance();
  const routes = new RouteTable();
  fastify.addHook('onRoute', ({ method, url }) => routes.add(method, url));
  fastify.addHook('onResponse', (request, reply, done) => {
    telemetry.metrics.httpDuration.record(reply.elapsedTime / 1_000, {
      'http.request.method': request.method,
      'http.route': request.routeOptions.url ?? 'none',
      'http.response.status_code': reply.raw.statusCode,
    });
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  await fastify.register(multipart);

  const app = await NestFactory.create<NestFastifyApplication>(IngressModule.with(parts), adapter, {
    logger: nestLogger(telemetry.logger),
    bodyParser: false,
  });
  app.useGlobalFilters(
    new ErrorFilter(
      routes,
      (error) => telemetry.logger.error({ err: error }, 'a request failed'),
      (why) => countRefusal(telemetry, why),
    ),
  );
  const drain = drainConnections(app.getHttpServer());
  await app.listen(options.port, options.host);
  const address = app.getHttpServer().address();

  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    async close() {
      const closed = app.close();
      drain();
      await closed;
      parts.desk.shutdown();
      stopWatching();
      stopPaces();
      eventRoom.close();
    },
  };
}
