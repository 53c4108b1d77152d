import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The provider behind every system under measurement. */
export interface Upstream {
  readonly pid: number;
  /** Base URL, without `/v1`, of an API that answers after so many milliseconds. */
  after(latencyMs: number): string;
  /** Base URL, without `/v1`, of an API that answers while the gate is open. */
  readonly gated: string;
  openGate(): Promise<void>;
  closeGate(): Promise<void>;
  /** Calls answered since the start, and calls that wait at the gate. */
  stats(): Promise<{ readonly served: number; readonly waiting: number }>;
  stop(): void;
}

export async function startUpstream(): Promise<Upstream> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'upstream.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const url = `http://127.0.0.1:${port}`;
  const ask = async (method: string, path: string) => {
    const response = await fetch(`${url}${path}`, { method });
    return (await response.json()) as { served: number; waiting: number };
  };
  return {
    pid: child.pid ?? 0,
    after: (latencyMs) => `${url}/${latencyMs}`,
    gated: `${url}/gate`,
    openGate: async () => void (await ask('POST', '/_gate/open')),
    closeGate: async () => void (await ask('POST', '/_gate/close')),
    stats: () => ask('GET', '/_stats'),
    stop: () => void child.kill('SIGKILL'),
  };
}
