import { spawn } from 'node:child_process';
import { freePort } from '../../../../deploy/local/src/index.js';
import type { Peers } from '../machine/install-peers.js';
import { listening, stopper } from '../machine/listening.js';
import type { Upstream } from '../upstream/start-upstream.js';
import type { Gateway } from './gateway.js';

/** npm's `@portkey-ai/gateway`, on the one version of `@hono/node-server` with which its streams work. */
export async function startPortkey(upstream: Upstream, peers: Peers): Promise<Gateway> {
  const port = await freePort();
  const main = peers.file('node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = spawn(process.execPath, [main, `--port=${port}`, '--headless'], { stdio: 'ignore' });
  await listening(port, child, 'Portkey');
  return {
    name: `@portkey-ai/gateway ${peers.version('@portkey-ai/gateway')}`,
    role: 'peer',
    target: (latencyMs) => ({
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      headers: {
        authorization: 'Bearer bench',
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `${upstream.after(latencyMs)}/v1`,
      },
      model: 'bench',
    }),
    pids: () => [child.pid ?? 0],
    nodePids: () => [child.pid ?? 0],
    stop: stopper(child),
  };
}
