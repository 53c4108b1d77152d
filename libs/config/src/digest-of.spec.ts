import { digestOf } from './digest-of.js';
import { loadConfig } from './load-config.js';

/** Its model is called as the field that a tenant's secrets are in. */
const file = (maxOutputTokens: number) => `
providers:
  sim: { adapter: openai, baseUrl: "http://127.0.0.1:9100/v1", apiKey: "\${env:SECRET}", headers: { x-team: "\${env:SECRET}" } }
deployments:
  - { id: sim/one, provider: sim, model: gpt-4.1 }
models:
  keys: { deployments: [sim/one], maxOutputTokens: ${maxOutputTokens} }
tenants:
  - { id: acme, keys: [{ name: default, secret: "\${env:SECRET}" }] }
`;
const digest = (secret: string, maxOutputTokens: number) =>
  digestOf(loadConfig('/penstock.yaml', { SECRET: secret }, () => file(maxOutputTokens)));

describe('the digest of a configuration', () => {
  it('is the same for the same, whatever its secrets are', () => {
    expect(digest('sk-first-secret', 100)).toBe(digest('sk-other-secret', 100));
  });

  it('is another when anything else is', () => {
    expect(digest('sk-first-secret', 100)).not.toBe(digest('sk-first-secret', 101));
  });
});
