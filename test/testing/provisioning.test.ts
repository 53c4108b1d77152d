import { createServer, type Server } from 'node:net';
import { startNatsServer } from '@penstock/testing';
import { askJetStream, freePort, whyUnfit } from '../../deploy/local/src/index.js';

/** A NATS server as old as one likes: greets, and answers the account's question with `reply`. */
async function oldServer(reply: string): Promise<{ url: string; server: Server }> {
  const port = await freePort();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('INFO {"version":"2.10.27","headers":true} \r\n');
    socket.on('data', () =>
      socket.write(`MSG _INBOX.penstock.start 1 ${reply.length}\r\n${reply}\r\nPONG\r\n`),
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `nats://user:secret@127.0.0.1:${port}`, server };
}

describe('askJetStream', () => {
  it('finds a real server with JetStream good enough', async () => {
    const nats = await startNatsServer();
    const answer = await askJetStream(nats.url);
    expect(answer).toMatchObject({ kind: 'ready' });
    expect(whyUnfit(nats.url, answer)).toBeUndefined();
    await nats.stop();
  });

  it('refuses a server that is too old, saying which is needed and no password', async () => {
    const { url, server } = await oldServer('{"api":{"total":1}}');
    const why = whyUnfit(url, await askJetStream(url));
    server.close();
    expect(why).toMatch(
      /version 2\.10\.27 with JetStream API level 0, which is too old.*needs nats-server 2\.12\.0/,
    );
    expect(why).not.toContain('secret');
  });

  it('refuses a server without JetStream', async () => {
    const { url, server } = await oldServer('{"error":{"code":503,"description":"JetStream not enabled"}}');
    const answer = await askJetStream(url);
    server.close();
    expect(whyUnfit(url, answer)).toMatch(/cannot be used: JetStream not enabled/);
  });

  it('says that nothing is there', async () => {
    const url = `nats://127.0.0.1:${await freePort()}`;
    const answer = await askJetStream(url);
    expect(answer.kind).toBe('unreachable');
    expect(whyUnfit(url, answer)).toMatch(/no NATS server answers at nats:\/\/127/);
  });
});
