/** Secrets of this programme. They are looked for in every log and every answer, where they must not be. */
export const SECRETS = {
  acme: 'sk-canary-acme-5b1f0c',
  globex: 'sk-canary-globex-77d2e9',
  provider: 'sim-canary-key-3ac9d4',
  header: 'sim-canary-header-90ab12',
} as const;

export type Tenant = 'acme' | 'globex';

/** Begins every prompt: no log may hold it. */
export const PROMPT_CANARY = 'canary-prompt';

/** How many calls a deployment may have at a time. */
export const CONCURRENCY = 24;

/**
 * The configuration under test. Models: `steady` has two sound deployments, `faulty` one that faults are ordered for
 * and one that is sound, `lonely` only the one that faults are ordered for.
 */
export function configuration(simulatorUrl: string): string {
  const deployment = (id: string, model: string) =>
    `  - { id: ${id}, provider: simulator, model: ${model}, price: { input: 0.15, output: 0.60 }, limits: { concurrency: ${CONCURRENCY} }, timeouts: { firstByte: 3s, idle: 3s } }`;
  return `
providers:
  simulator:
    adapter: openai
    baseUrl: '${simulatorUrl}/v1'
    apiKey: '\${env:PROVIDER_KEY}'
    headers: { x-canary: '\${env:PROVIDER_HEADER}' }
deployments:
${deployment('sim/small', 'sim-small')}
${deployment('sim/large', 'sim-large')}
${deployment('sim/flaky', 'sim-flaky')}
models:
  steady: { deployments: [sim/small, sim/large] }
  faulty: { deployments: [sim/flaky, sim/small] }
  lonely: { deployments: [sim/flaky] }
leases: { interactive: 2s, standard: 2500ms, batch: 2500ms }
tenants:
  - { id: acme, keys: [{ name: default, secret: '\${env:ACME_KEY}' }] }
  - { id: globex, keys: [{ name: default, secret: '\${env:GLOBEX_KEY}' }] }
`;
}
