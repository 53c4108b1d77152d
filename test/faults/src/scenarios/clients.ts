import { connect } from 'node:net';
import { eventually } from '@penstock/testing';
import { callsUnderWay } from '../load/provider.js';
import { call } from '../load/call.js';
import { PROMPT_CANARY, SECRETS } from '../system/configuration.js';
import { pause } from './pause.js';
import type { Scenario, Stage } from './scenario.js';

function chat(stage: Stage, order: string, stream: boolean): string {
  const content = `${PROMPT_CANARY} ${stage.run} ${order}`;
  return JSON.stringify({ model: 'steady', stream, messages: [{ role: 'user', content }] });
}

const HEADERS = { authorization: `Bearer ${SECRETS.acme}`, 'content-type': 'application/json' };

export const CLIENTS: readonly Scenario[] = [
  {
    name: 'clients-leave',
    fault: '60 callers hang up: before the first token and in the middle of a stream',
    shows: 'their provider calls are aborted within 1 s, and what they used is recorded',
    kind: 'single',
    core: true,
    async run(stage) {
      const { system, random, check } = stage;
      const url = `${system.url}/v1/chat/completions`;
      const calls = Array.from({ length: 60 }, (_, i) =>
        call(url, {
          method: 'POST',
          headers: HEADERS,
          body: chat(stage, '[[tokens: 400]] [[latency: 300 60]]', i % 2 === 0),
          leaveAfterMs: 50 + random() * 900,
        }),
      );
      await Promise.all(calls);
      const leftAtMs = Date.now();
      await eventually(async () => (await callsUnderWay(stage.system.simulatorUrl)) === 0, {
        timeoutMs: 20_000,
        what: 'no call under way',
      });
      check('aborted within 1 s', Date.now() - leftAtMs < 1_000, `${Date.now() - leftAtMs} ms`);
    },
  },
  {
    name: 'clients-never-read',
    fault: '20 callers ask for a long stream and read nothing of it',
    shows: 'others are served meanwhile; the provider of each of them is made to wait; memory comes back',
    kind: 'single',
    async run(stage) {
      const { system, load, ledger, check } = stage;
      const body = chat(stage, '[[tokens: 60000]]', true);
      const sockets = Array.from({ length: 20 }, () => {
        const socket = connect(system.httpPort, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.pause();
        const head = Object.entries(HEADERS)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('');
        const length = Buffer.byteLength(body);
        socket.write(
          `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${head}content-length: ${length}\r\n\r\n${body}`,
        );
        return socket;
      });
      load.start({ perSecond: 20 });
      await pause(4_000);
      await load.ended();
      const failed = ledger.entries.filter(({ kind, status }) => kind === 'answered' && (status ?? 0) >= 500);
      check(
        'their providers wait for them',
        (await callsUnderWay(stage.system.simulatorUrl)) >= sockets.length,
      );
      check(
        'others were served',
        failed.length === 0,
        failed.map(({ status, detail }) => `${status} ${detail}`).join(', '),
      );
      for (const socket of sockets) socket.destroy();
    },
  },
];
