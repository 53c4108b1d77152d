import { z } from 'zod';
import { deployment } from './deployment.js';
import { durationMs } from './duration.js';
import { model } from './model.js';
import { preset, presetName } from './preset.js';
import { provider } from './provider.js';
import { section } from './section.js';
import { tenant } from './tenant.js';

const named = <T extends z.ZodType>(value: T) => z.record(z.string().min(1), value);

/** A class that yields to more urgent ones, but for a share. */
const reserved = (share: string) =>
  section({
    reserve: z
      .number()
      .min(0)
      .max(0.4)
      .default(Number(share))
      .describe(`The share it is sure of while more urgent classes have work. Default ${share}.`),
  }).prefault({});

/**
 * The one source of what `penstock.yaml` may hold: its types, its JSON Schema and its validation. What a value
 * is after reading (durations in milliseconds, defaults filled in) is the output side of it.
 */
export const configSchema = section({
  providers: named(provider).describe('Who is called, by name.'),
  deployments: z.array(deployment).describe("Providers' models: the unit of price, limits and health."),
  models: named(model).describe('What clients may ask for, by public name.'),
  tenants: z.array(tenant).describe('Who may ask: the unit of isolation, fairness and billing.'),
  presets: z
    .record(presetName, preset)
    .exactOptional()
    .describe('What requests may name instead of saying it, by name and version. Default none.'),
  classes: section({
    interactive: section({
      startWithin: durationMs
        .default(30_000)
        .describe('A job that cannot start in this time of its acceptance is refused. Default 30s.'),
    })
      .transform(({ startWithin }) => ({ startWithinMs: startWithin }))
      .prefault({}),
    standard: reserved('0.05'),
    batch: reserved('0.05'),
  })
    .describe('What holds for a whole priority class.')
    .prefault({}),
  limits: section({
    bodyBytes: z
      .int()
      .min(1_024)
      .max(1_073_741_824)
      .default(20_971_520)
      .describe('The largest body of a request. Default 20971520 (20 MiB).'),
    readerStall: durationMs
      .default(60_000)
      .describe(
        'A caller who takes nothing of a stream that waits for it is given up after this. Default 60s.',
      ),
  })
    .transform(({ bodyBytes, readerStall }) => ({ bodyBytes, readerStallMs: readerStall }))
    .prefault({}),
  leases: section({
    interactive: durationMs.default(4_000).describe('Default 4s.'),
    standard: durationMs.default(10_000).describe('Default 10s.'),
    batch: durationMs.default(10_000).describe('Default 10s.'),
  })
    .prefault({})
    .describe(
      'How long a job stands still after the death of the process that held it. Half of it must not be lost to a busy machine.',
    ),
  results: section({
    ttl: durationMs.default(86_400_000).describe('How long an outcome can be fetched. Default 24h.'),
  })
    .transform(({ ttl }) => ({ ttlMs: ttl }))
    .prefault({}),
});

/** A configuration as it is written, with the defaults of the schema. */
export type ParsedConfig = z.output<typeof configSchema>;
type ParsedDeployment = ParsedConfig['deployments'][number];

/**
 * A configuration that holds: defaults filled in, also those of the catalogue, secrets resolved, every reference to
 * something that is there.
 */
export type Config = Omit<ParsedConfig, 'deployments'> & {
  readonly deployments: (ParsedDeployment & {
    readonly price: NonNullable<ParsedDeployment['price']>;
    /** The longest answer its vendor gives, where the catalogue knows. */
    readonly longestAnswerTokens?: number;
  })[];
};
export type ProviderConfig = Config['providers'][string];
export type DeploymentConfig = Config['deployments'][number];
export type ModelConfig = Config['models'][string];
export type ClassesConfig = Config['classes'];
export type TenantConfig = Config['tenants'][number];

/** The JSON Schema of the file, for editors. */
export function configJsonSchema(): object {
  return { title: 'penstock.yaml', ...z.toJSONSchema(configSchema, { io: 'input' }) };
}
