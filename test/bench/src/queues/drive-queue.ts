import { pathToFileURL } from 'node:url';
import { Pool } from 'undici';
import type { Command, OpenQueue, Queue, QueueConnection, Reply } from './queue.js';

/**
 * A process that plays the producer or the worker of a queue: opens the queue of the module it is given, and does
 * what it is told, one command after the other.
 */
const BULK = 500;

const [module = '', connection = '{}'] = process.argv.slice(2);
const { openQueue } = (await import(pathToFileURL(module).href)) as { openQueue: OpenQueue };
const queue = await openQueue(JSON.parse(connection) as QueueConnection);

let done = 0;
let stop: (() => Promise<unknown>) | undefined;
let whenDone: { readonly count: number; readonly tell: () => void } | undefined;

process.on('message', (command: Command) => {
  obey(queue, command).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: String(error) } satisfies Reply),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({} satisfies Reply);

async function obey(queue: Queue, command: Command): Promise<Reply> {
  switch (command.do) {
    case 'add':
      return add(queue, command);
    case 'addMany':
      for (let left = command.count; left > 0; left -= BULK) {
        await queue.addMany(Array<string>(Math.min(BULK, left)).fill(command.payload));
      }
      return {};
    case 'clear':
      await queue.clear?.();
      return {};
    case 'work':
      done = 0;
      stop = await work(queue, command);
      return {};
    case 'await':
      if (done < command.done) {
        await new Promise<void>((tell) => (whenDone = { count: command.done, tell }));
      }
      return {};
    case 'rest':
      await stop?.();
      return {};
  }
}

/** Stores jobs one by one, as many at the same time as are asked for, until the time is over. */
async function add(queue: Queue, { seconds, inFlight, payload }: Command & { do: 'add' }): Promise<Reply> {
  const latenciesMs: number[] = [];
  const startedAtMs = performance.now();
  const endAtMs = startedAtMs + seconds * 1_000;
  const addUntilEnd = async () => {
    for (let sentAtMs = performance.now(); sentAtMs < endAtMs;) {
      await queue.add(payload);
      const nowMs = performance.now();
      latenciesMs.push(nowMs - sentAtMs);
      sentAtMs = nowMs;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, addUntilEnd));
  const perSecond = (latenciesMs.length / (performance.now() - startedAtMs)) * 1_000;
  latenciesMs.sort((a, b) => a - b);
  return { perSecond, p50Ms: latenciesMs[Math.floor(latenciesMs.length / 2)] ?? 0 };
}

async function work(
  queue: Queue,
  { concurrency, url, body }: Command & { do: 'work' },
): Promise<() => Promise<unknown>> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: concurrency, headersTimeout: 0, bodyTimeout: 0 });
  const headers = { 'content-type': 'application/json' };
  const call = async () => {
    const answer = await pool.request({ path: pathname, method: 'POST', headers, body });
    await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`the upstream answered ${answer.statusCode}`);
  };
  const onDone = () => {
    if (++done === whenDone?.count) whenDone.tell();
  };
  if (!queue.work) throw new Error('this queue has workers of its own');
  const stopWork = await queue.work({ concurrency, call, onDone });
  return async () => {
    await stopWork();
    await pool.close();
  };
}
