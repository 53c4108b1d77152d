import { createConnection } from 'node:net';
import { systemClock, type Clock } from '@penstock/resilience';
import { REQUIRED_NATS } from './nats-requirement.js';

/** What a NATS server says of its JetStream. */
export type JetStreamAnswer =
  | { readonly kind: 'ready'; readonly apiLevel: number; readonly version: string }
  /** Nothing there, or it does not speak yet. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** It is a NATS server and will never do as it is. */
  | { readonly kind: 'unfit'; readonly why: string };

const INBOX = '_INBOX.penstock.start';

/**
 * Asks one server for its JetStream API level, in the few words of the NATS protocol that this takes, so that
 * it can be asked before anything is installed. Takes `nats://[user:password@|token@]host:port`.
 */
export function askJetStream(
  url: string,
  timeoutMs = 2_000,
  clock: Clock = systemClock,
): Promise<JetStreamAnswer> {
  const { hostname, port, username, password } = new URL(url);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port || 4222) });
    let received = '';
    let version = 'unknown';
    const settle = (answer: JetStreamAnswer) => {
      cancel();
      socket.destroy();
      resolve(answer);
    };
    const cancel = clock.after(timeoutMs, () => settle({ kind: 'unreachable', why: 'no answer in time' }));
    socket.on('error', (error) => settle({ kind: 'unreachable', why: error.message }));
    socket.on('close', () => settle({ kind: 'unreachable', why: 'it closed the connection' }));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
      const info = /^INFO (\{.*\}) ?\r\n/.exec(received);
      if (info?.[1]) {
        received = received.slice(info[0].length);
        version = String((JSON.parse(info[1]) as { version?: unknown }).version);
        socket.write(
          `CONNECT ${JSON.stringify({
            verbose: false,
            lang: 'penstock-start',
            version: '1',
            headers: true,
            no_responders: true,
            ...credentials(decodeURIComponent(username), decodeURIComponent(password)),
          })}\r\nSUB ${INBOX} 1\r\nPUB $JS.API.INFO ${INBOX} 0\r\n\r\nPING\r\n`,
        );
      }
      const refused = /-ERR '([^']*)'/.exec(received);
      if (refused) return settle({ kind: 'unfit', why: refused[1] ?? 'refused' });
      if (/^HMSG /m.test(received)) return settle({ kind: 'unreachable', why: 'JetStream does not answer' });
      const reply = /^MSG \S+ 1 (?:\S+ )?\d+\r\n(\{.*\})\r\n/m.exec(received);
      if (reply?.[1]) settle(readAccountInfo(reply[1], version));
    });
  });
}

function credentials(user: string, password: string): Record<string, string> {
  if (user === '') return {};
  return password === '' ? { auth_token: user } : { user, pass: password };
}

function readAccountInfo(json: string, version: string): JetStreamAnswer {
  const info = JSON.parse(json) as { error?: { description?: string }; api?: { level?: number } };
  if (info.error) return { kind: 'unfit', why: info.error.description ?? 'JetStream is not enabled' };
  return { kind: 'ready', apiLevel: info.api?.level ?? 0, version };
}

/** A sentence that says what is needed, when a server's answer is not good enough; undefined when it is. */
export function whyUnfit(url: string, answer: JetStreamAnswer): string | undefined {
  const needed = `Penstock needs nats-server ${REQUIRED_NATS.version.join('.')} or newer with JetStream (API level ${REQUIRED_NATS.apiLevel}).`;
  const where = url.replace(/\/\/[^@/]*@/, '//');
  if (answer.kind === 'unreachable') return `no NATS server answers at ${where}: ${answer.why}. ${needed}`;
  if (answer.kind === 'unfit') return `the NATS server at ${where} cannot be used: ${answer.why}. ${needed}`;
  if (answer.apiLevel >= REQUIRED_NATS.apiLevel) return undefined;
  return `the NATS server at ${where} is version ${answer.version} with JetStream API level ${answer.apiLevel}, which is too old. ${needed}`;
}
