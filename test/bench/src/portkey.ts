import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../deploy/local/src/index.js';

const VERSION = '1.15.2';

/** A system under measurement that is not ours. */
export interface Peer {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  stop(): void;
}

/** Starts npm's `@portkey-ai/gateway` before the same upstream; installs it into the cache the first time. */
export async function startPortkey(cacheDir: string, upstreamUrl: string, key: string): Promise<Peer> {
  const dir = path.join(cacheDir, `portkey-${VERSION}`);
  const main = path.join(dir, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(main)) {
    mkdirSync(dir, { recursive: true });
    const flags = ['--prefix', dir, '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error'];
    execFileSync('npm', ['install', ...flags, `@portkey-ai/gateway@${VERSION}`], { stdio: 'inherit' });
  }
  const port = await freePort();
  const child = spawn(process.execPath, [main, `--port=${port}`, '--headless'], { stdio: 'ignore' });
  return {
    name: `@portkey-ai/gateway ${VERSION}`,
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: {
      authorization: `Bearer ${key}`,
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstreamUrl}/v1`,
    },
    pid: child.pid ?? 0,
    stop: () => void child.kill('SIGKILL'),
  };
}
