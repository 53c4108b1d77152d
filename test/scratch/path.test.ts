import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { idMaker, systemClock } from '@penstock/resilience';
import { openConnection, ensureTopology, listen } from '@penstock/messaging';
import { startTelemetry } from '@penstock/telemetry';
import type { Provider } from '@penstock/providers';
import { startRouter } from '../../services/router/src/start-router.js';
import { startWorker } from '../../services/worker/src/start-worker.js';
import { startIngress } from '../../services/ingress/src/start-ingress.js';

it('goes the path', async () => {
  const port = 14223;
  const proc = spawn('nats-server', ['-js', '-p', String(port), '-sd', mkdtempSync('/tmp/smoke/')], { stdio: 'ignore' });
  const open = (name: string) => openConnection({ url: `127.0.0.1:${port}`, name });
  const c = await open('setup');
  await ensureTopology(c);
  const clock = systemClock;
  const makeId = idMaker(clock.nowMs, (n) => randomBytes(n));
  const telemetry = (s: string) => startTelemetry({ service: s, version: '0' });
  const deployment = { id: 'sim/small', provider: 'sim', upstreamModel: 'sim-small', price: { input: 0.15, output: 0.6 }, limits: { concurrency: 64 }, timeouts: { firstByteMs: 10000, idleMs: 10000 } };
  const provider: Provider = {
    call: async (call) => ({ kind: 'complete', status: 200, contentType: 'application/json', body: Buffer.from('{"ok":true}'), usage: { inputTokens: 1, outputTokens: 2, source: 'provider' }, upstreamId: 'x', limits: undefined }),
    close: async () => {},
  };
  const router = await startRouter({ connection: await open('router'), clock, random: Math.random, makeId, router: 'r1', models: [{ name: 'small', deployments: ['sim/small'], maxOutputTokens: 4096 }], deployments: [deployment], tenants: [{ id: 'acme', weight: 1 }], telemetry: telemetry('router') });
  const worker = await startWorker({ connection: await open('worker'), clock, worker: 'w1', deployments: [{ deployment, provider }], onError: (e) => console.error(e) });
  const ingress = await startIngress({ connection: await open('ingress'), clock, makeId, ingress: 'i1', host: '127.0.0.1', port: 0, keys: [{ tenant: 'acme', keyName: 'k', secret: 'sk-a' }], models: [{ name: 'small', maxOutputTokens: 4096 }], telemetry: telemetry('ingress') });
  const post = (body: string, key = 'sk-a') => fetch(`http://127.0.0.1:${ingress.port}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body });
  const ok = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hi' }] });
  for (let i = 0; i < 3; i++) {
  const t = performance.now();
  const r = await post(ok);
  console.log(r.status, await r.text(), performance.now() - t, Object.fromEntries(r.headers));
  }
  for (const b of ['{', '{"model":"nope","messages":[{"role":"user","content":"hi"}]}', '{"model":"small"}']) { const r = await post(b); console.log(r.status, await r.text()); }
  console.log((await post(ok, 'zz')).status, (await fetch(`http://127.0.0.1:${ingress.port}/v1/x`)).status, await (await fetch(`http://127.0.0.1:${ingress.port}/v1/models`, { headers: { authorization: 'Bearer sk-a' } })).json());
  let t = performance.now();
  for (let i = 0; i < 500; i++) await (await post(ok)).text();
  console.log('c1', 500 / (performance.now() - t) * 1000);
  t = performance.now();
  await Promise.all(Array.from({ length: 64 }, async () => { for (let i = 0; i < 50; i++) await (await post(ok)).text(); }));
  console.log('c64', 3200 / (performance.now() - t) * 1000);
  await ingress.close(); await router.close(); await worker.close();
  await c.close();
  proc.kill();
});
