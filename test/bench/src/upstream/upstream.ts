import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, CHUNK_PERIOD_MS, chunks } from './prepared-answers.js';

/**
 * The provider that stands behind every system under measurement: OpenAI's chat completions with answers prepared
 * once, so that it takes as little as it can of the cores it shares. A process of its own; prints its port.
 *
 * `/<ms>/v1/chat/completions` answers after so many milliseconds: 0 sends the chunks of a stream all at once, any
 * other sends one every 20 ms from then on. `/gate/v1/chat/completions` answers when the gate is open:
 * `POST /_gate/open`, `POST /_gate/close`. `GET /_stats` says how many calls were answered and how many wait.
 */
let served = 0;
let gateIsOpen = false;
const waiting: (() => void)[] = [];

const server = createServer((request, response) => {
  const [, first = '', second = ''] = (request.url ?? '').split('/');
  if (first === '_stats') return json(response, { served, waiting: waiting.length });
  if (first === '_gate') return json(response, turnGate(second === 'open'));
  read(request, (streamed) => {
    const send = streamed ? sendChunks : sendAnswer;
    if (first !== 'gate') return after(Number(first), () => send(response, Number(first)));
    if (gateIsOpen) return send(response, 0);
    waiting.push(() => send(response, 0));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));

/** Reads a body to its end; all that matters of it is whether it asks for a stream. */
function read(request: IncomingMessage, done: (streamed: boolean) => void): void {
  let streamed = false;
  request.on('data', (bytes: Buffer) => (streamed ||= /"stream": ?true/.test(bytes.toString('latin1'))));
  request.on('end', () => done(streamed));
}

function sendAnswer(response: ServerResponse): void {
  served++;
  response.writeHead(200, ['content-type', 'application/json', 'content-length', String(answer.length)]);
  response.end(answer);
}

function sendChunks(response: ServerResponse, latencyMs: number): void {
  served++;
  response.writeHead(200, ['content-type', 'text/event-stream', 'cache-control', 'no-cache']);
  if (latencyMs === 0) return void response.end(chunks.join(''));
  let next = 0;
  const timer = setInterval(send, CHUNK_PERIOD_MS);
  response.once('close', () => clearInterval(timer));
  send();

  function send(): void {
    const chunk = chunks[next++];
    if (next < chunks.length) return void response.write(chunk);
    clearInterval(timer);
    response.end(chunk);
  }
}

function turnGate(open: boolean): object {
  gateIsOpen = open;
  if (open) for (const send of waiting.splice(0)) send();
  return { open };
}

function after(delayMs: number, act: () => void): void {
  if (delayMs === 0) act();
  else setTimeout(act, delayMs);
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
