import { spawn } from 'node:child_process';
import { freePort } from '../../../../deploy/local/src/index.js';
import type { Peers } from '../machine/install-peers.js';
import { listening, stopper } from '../machine/listening.js';
import type { Upstream } from '../upstream/start-upstream.js';
import { LATENCIES_MS, type Gateway } from './gateway.js';

/** npm's `@musistudio/llms`, with a provider for each latency of the upstream. */
export async function startMusistudio(upstream: Upstream, peers: Peers): Promise<Gateway> {
  const port = await freePort();
  const providers = LATENCIES_MS.map((ms) => [`after-${ms}`, `${upstream.after(ms)}/v1/chat/completions`]);
  const args = [String(port), JSON.stringify(Object.fromEntries(providers))];
  const child = spawn(process.execPath, [peers.file('musistudio.mjs'), ...args], { stdio: 'ignore' });
  await listening(port, child, '@musistudio/llms');
  return {
    name: `@musistudio/llms ${peers.version('@musistudio/llms')}`,
    role: 'peer',
    target: (latencyMs) => ({
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: { authorization: 'Bearer bench' },
      model: `after-${latencyMs},bench`,
    }),
    pids: () => [child.pid ?? 0],
    nodePids: () => [child.pid ?? 0],
    stop: stopper(child),
  };
}
