import { z } from 'zod';
import { parseDurationMs } from '../schema/duration.js';

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value <= 65_535)
    .default(fallback);

const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine((text) => text.split(',').every((one) => protocols.some((name) => isUrl(one.trim(), name))));

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/**
 * Every environment variable that Penstock has: what it means, which values are good, and what holds without it.
 * `docs/configuration.md` lists exactly these, and a test holds the two together.
 */
export const SETTINGS = {
  httpPort: {
    variable: 'PENSTOCK_HTTP_PORT',
    meaning: 'Port of the HTTP entrance. 0 takes a free one.',
    rule: 'a port, 0 to 65535',
    schema: port(8080),
  },
  httpHost: {
    variable: 'PENSTOCK_HTTP_HOST',
    meaning: 'Address the HTTP entrance listens on.',
    rule: 'a host name or address',
    schema: z.string().default('127.0.0.1'),
  },
  adminPort: {
    variable: 'PENSTOCK_ADMIN_PORT',
    meaning: 'Port of a service for `/healthz`, `/readyz` and `/metrics`. 0 takes a free one.',
    rule: 'a port, 0 to 65535',
    schema: port(0),
  },
  adminHost: {
    variable: 'PENSTOCK_ADMIN_HOST',
    meaning: 'Address that port is on. It asks for no key: keep it where only operators are.',
    rule: 'a host name or address',
    schema: z.string().default('127.0.0.1'),
  },
  simulatorPort: {
    variable: 'PENSTOCK_SIMULATOR_PORT',
    meaning: 'Port of the simulated provider that `npm start` runs.',
    rule: 'a port, 0 to 65535',
    schema: port(9100),
  },
  configPath: {
    variable: 'PENSTOCK_CONFIG',
    meaning: 'The configuration file.',
    rule: 'a path',
    schema: z.string().default('deploy/local/penstock.yaml'),
  },
  dataDir: {
    variable: 'PENSTOCK_DATA_DIR',
    meaning: 'Where `npm start` keeps queue, database, keys and logs.',
    rule: 'a path',
    schema: z.string().default('.penstock/data'),
  },
  natsUrl: {
    variable: 'PENSTOCK_NATS_URL',
    meaning: 'NATS servers to use, separated by commas. Without it `npm start` runs one of its own.',
    rule: 'nats://host:port, or several',
    schema: url(['nats:', 'tls:', 'ws:', 'wss:']).optional(),
  },
  databaseUrl: {
    variable: 'PENSTOCK_DATABASE_URL',
    meaning: 'Postgres to use. Without it `npm start` runs one of its own.',
    rule: 'postgres://user:password@host:port/database',
    schema: url(['postgres:', 'postgresql:']).optional(),
  },
  syncInterval: {
    variable: 'PENSTOCK_SYNC_INTERVAL',
    meaning:
      'How often the nats-server of `npm start` syncs accepted jobs to disk: what a power cut can lose.',
    rule: '`always`, or a duration such as 1s',
    schema: z
      .string()
      .refine((text) => text === 'always' || (parseDurationMs(text) ?? 0) > 0)
      .default('1s'),
  },
  replicas: {
    variable: 'PENSTOCK_REPLICAS',
    meaning:
      'Copies of everything that is stored in NATS. 3 takes a cluster of three servers or more, and outlives the loss of one.',
    rule: '1 or 3',
    schema: z.enum(['1', '3']).default('1').transform(Number),
  },
  processes: {
    variable: 'PENSTOCK_PROCESSES',
    meaning:
      'Whether `npm start` runs each service as a process, or few: ingress, router and worker in one, batch and accounting in another. That takes less memory and CPU; what shares a process falls with it.',
    rule: 'each or few',
    schema: z.enum(['each', 'few']).default('each'),
  },
  logLevel: {
    variable: 'PENSTOCK_LOG_LEVEL',
    meaning: 'The least that is logged.',
    rule: LOG_LEVELS.join(', '),
    schema: z.enum(LOG_LEVELS).default('info'),
  },
} as const satisfies Record<string, SettingEntry>;

export interface SettingEntry {
  readonly variable: `PENSTOCK_${string}`;
  readonly meaning: string;
  /** Which values are good, in words that can follow "must be". */
  readonly rule: string;
  readonly schema: z.ZodType;
}

function isUrl(text: string, protocol: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === protocol;
}
