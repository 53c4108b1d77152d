import type { Installation } from './start-installation.js';

/** What a person reads when everything is ready: where it is, and one call to try it with. */
export function welcome({ httpUrl, natsUrl, dataDir, config }: Installation, tookMs: number): string {
  const model = Object.keys(config.models)[0] ?? 'small';
  const tenant = config.tenants.find(({ keys }) => keys.length > 0);
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return `
Penstock is ready after ${(tookMs / 1_000).toFixed(1)} s.

  HTTP   ${httpUrl}
  NATS   ${natsUrl}
  Data   ${dataDir} (queue, database, keys, logs)

Try it${tenant ? ` as tenant ${tenant.id}` : ''}:

  curl ${httpUrl}/v1/chat/completions \\
    -H 'Authorization: Bearer ${tenant?.keys[0]?.secret ?? '<key>'}' \\
    -H 'Content-Type: application/json' \\
    -d '${body}'

Ctrl-C drains and stops all of it.`;
}
