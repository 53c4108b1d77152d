import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { AnswerReader } from './answer-reader.js';

/**
 * Calls one URL over a fixed number of keep-alive connections for a fixed time, one call at a time on each, and
 * prints one line of JSON. On bare sockets with the request built once, in a process of its own, so that it takes
 * as little as it can of the cores it shares with what it measures.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    connections: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '5' },
    status: { type: 'string', default: '200' },
    headers: { type: 'string', default: '{}' },
    body: { type: 'string', default: '' },
  },
});
/** How long an answer may take after the end of the time, before it counts as one that did not come. */
const GRACE_MS = 10_000;

const url = new URL(values.url);
const headers = Object.entries({
  host: url.host,
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(values.body),
  ...(JSON.parse(values.headers) as Record<string, string>),
});
const request = Buffer.from(
  `POST ${url.pathname} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${values.body}`,
);

const latenciesMs: number[] = [];
const firstBytesMs: number[] = [];
const failures = new Map<string, number>();
const startedAtMs = performance.now();
const endAtMs = startedAtMs + Number(values.seconds) * 1_000;
let open = Number(values.connections);

for (let i = 0; i < Number(values.connections); i++) call(connect(Number(url.port), url.hostname));
setTimeout(
  () => {
    for (let i = 0; i < open; i++) fail('no answer');
    finish();
  },
  Number(values.seconds) * 1_000 + GRACE_MS,
).unref();

function call(socket: Socket): void {
  let sentAtMs = 0;
  const reader = new AnswerReader();
  const send = () => {
    sentAtMs = performance.now();
    socket.write(request);
  };
  socket.setNoDelay(true);
  socket.on('connect', send);
  socket.on('data', (bytes) => {
    const nowMs = performance.now();
    const answer = reader.take(bytes, nowMs);
    if (!answer) return;
    if (answer.status !== values.status) fail(answer.status);
    else if (!answer.isWhole) fail('cut off');
    else {
      latenciesMs.push(nowMs - sentAtMs);
      firstBytesMs.push(answer.firstByteAtMs - sentAtMs);
    }
    if (nowMs < endAtMs) send();
    else socket.end();
  });
  socket.on('error', (error) => fail((error as NodeJS.ErrnoException).code ?? error.message));
  socket.on('close', () => {
    // One that the other side closed before the time is over is not opened again.
    if (performance.now() < endAtMs) fail('closed');
    if (--open === 0) finish();
  });
}

function fail(why: string): void {
  failures.set(why, (failures.get(why) ?? 0) + 1);
}

function finish(): void {
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const at = (values: number[], share: number) => values[Math.floor(values.length * share)] ?? null;
  latenciesMs.sort((a, b) => a - b);
  firstBytesMs.sort((a, b) => a - b);
  const figures = {
    answered: latenciesMs.length,
    perSecond: latenciesMs.length / seconds,
    p50Ms: at(latenciesMs, 0.5),
    p99Ms: at(latenciesMs, 0.99),
    firstByteP50Ms: at(firstBytesMs, 0.5),
    firstByteP99Ms: at(firstBytesMs, 0.99),
    failures: Object.fromEntries(failures),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}
