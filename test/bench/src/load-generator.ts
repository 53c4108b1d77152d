import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';

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
    headers: { type: 'string', default: '{}' },
    body: { type: 'string', default: '' },
  },
});
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
const failures = new Map<string, number>();
const startedAtMs = performance.now();
const endAtMs = startedAtMs + Number(values.seconds) * 1_000;
let open = Number(values.connections);

for (let i = 0; i < Number(values.connections); i++) call(connect(Number(url.port), url.hostname));

function call(socket: Socket): void {
  let sentAtMs = 0;
  let received = Buffer.alloc(0);
  const send = () => {
    sentAtMs = performance.now();
    socket.write(request);
  };
  socket.setNoDelay(true);
  socket.on('connect', send);
  socket.on('data', (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    const status = wholeAnswer(received);
    if (status === undefined) return;
    received = Buffer.alloc(0);
    const nowMs = performance.now();
    if (status === '200') latenciesMs.push(nowMs - sentAtMs);
    else fail(status);
    if (nowMs < endAtMs) send();
    else socket.end();
  });
  socket.on('error', (error) => fail((error as NodeJS.ErrnoException).code ?? error.message));
  socket.on('close', () => {
    if (--open === 0) finish();
  });
}

/** The status of an answer that has come whole; undefined while more is to come. */
function wholeAnswer(bytes: Buffer): string | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const whole =
    length === undefined
      ? bytes.subarray(-5).toString('latin1') === '0\r\n\r\n'
      : bytes.length >= headEnd + 4 + Number(length);
  return whole ? head.slice(9, 12) : undefined;
}

function fail(why: string): void {
  failures.set(why, (failures.get(why) ?? 0) + 1);
}

function finish(): void {
  const seconds = (performance.now() - startedAtMs) / 1_000;
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0;
  const figures = {
    answered: latenciesMs.length,
    perSecond: latenciesMs.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failures: Object.fromEntries(failures),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
