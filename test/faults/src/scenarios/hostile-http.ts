import { connect } from 'node:net';
import { call, type Called } from '../load/call.js';
import { PROMPT_CANARY, SECRETS } from '../system/configuration.js';
import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

const HEADERS = { authorization: `Bearer ${SECRETS.acme}`, 'content-type': 'application/json' };

export const HOSTILE_HTTP: Scenario = {
  name: 'hostile-http',
  fault:
    'slow senders, 64 KB of headers, a body of 100 MB, JSON 100,000 deep, __proto__, two lengths at once, no host, half a request',
  shows: 'each is refused with a 4xx or hung up on, and others are served meanwhile',
  kind: 'single',
  core: true,
  async run({ system, load, ledger, check }) {
    const url = `${system.url}/v1/chat/completions`;
    const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = HEADERS) =>
      call(url, { method: 'POST', headers, body });
    const refused = (what: string, made: Called) =>
      check(
        `${what} is refused`,
        made.kind === 'broken' || (made.status >= 400 && made.status < 500),
        made.kind === 'answer' ? `${made.status} ${made.text.slice(0, 200)}` : made.why,
      );
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(system.httpPort, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-a: ');
      const drip = setInterval(() => socket.write('a'), 500);
      socket.once('close', () => clearInterval(drip));
      return socket;
    });
    load.start({ perSecond: 20 });
    refused('a long header', await post('{}', { ...HEADERS, 'x-long': 'a'.repeat(65_536) }));
    refused('a body of 100 MB', await post(Buffer.alloc(100 * 1024 ** 2, 0x20)));
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    refused('deep JSON', await post(`{"model": "steady", "messages": ${deep}}`));
    refused('JSON that is deep where nobody looks', await post(`{"model": 1, "metadata": ${deep}}`));
    const message = `[{"role": "user", "content": "${PROMPT_CANARY}"}]`;
    const polluting = `{"model": "steady", "messages": ${message}, "__proto__": {"admin": true}, "constructor": {"prototype": {"admin": true}}}`;
    const polluted = await post(polluting);
    check('__proto__ does no harm', polluted.kind === 'answer' && polluted.status < 500);
    refused(
      'no key',
      await call(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    );
    refused('a body of another type', await post('<a/>', { ...HEADERS, 'content-type': 'application/xml' }));
    for (const [what, text] of Object.entries(RAW)) {
      const status = await raw(system.httpPort, text);
      check(`${what} is refused`, status === 'closed' || /^4\d\d$/.test(status), status);
    }
    await pause(1_000);
    await load.ended();
    const failed = ledger.entries.filter(({ kind, status }) => kind === 'answered' && (status ?? 0) >= 500);
    check('others were served', failed.length === 0, `${failed.length} were not`);
    for (const socket of slow) socket.destroy();
  },
};

const POST = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

const RAW: Readonly<Record<string, string>> = {
  'two lengths': `${POST}content-length: 2\r\ncontent-length: 40\r\n\r\n{}`,
  'a length and chunks': `${POST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'no host': 'GET /v1/models HTTP/1.1\r\n\r\n',
  'not HTTP': '\u0016\u0003\u0001 hello\r\n\r\n',
  'a path out of the tree': `GET /v1/files/../../../../etc/passwd HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${SECRETS.acme}\r\n\r\n`,
};

/** Sends bytes as they are. Resolves with the status, or `closed`. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let got = '';
    socket.setTimeout(10_000, () => (socket.destroy(), resolve('silence')));
    socket.on('data', (bytes) => {
      got += bytes.toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(got)?.[1];
      if (status === undefined) return;
      socket.destroy();
      resolve(status);
    });
    socket.on('error', () => resolve('closed'));
    socket.on('close', () => resolve('closed'));
  });
}
