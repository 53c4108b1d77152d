import { startAdminServer, type AdminServer, type AdminServerOptions } from './admin-server.js';

const servers: AdminServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function setup(options: Partial<AdminServerOptions> = {}) {
  const server = await startAdminServer({
    port: 0,
    host: '127.0.0.1',
    checks: {},
    metrics: () => Promise.resolve('up 1\n'),
    ...options,
  });
  servers.push(server);
  return async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), text };
  };
}

describe('startAdminServer', () => {
  it('is alive, and ready when every check holds', async () => {
    const get = await setup({ checks: { nats: () => true, postgres: () => Promise.resolve(true) } });
    expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"alive":true}\n' });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toEqual({ ready: true, checks: { nats: 'ok', postgres: 'ok' } });
  });

  it('says which checks failed: by saying so, by throwing, by not answering', async () => {
    const get = await setup({
      checkTimeout: () => AbortSignal.timeout(50),
      checks: {
        fine: () => true,
        nats: () => 'not connected',
        postgres: () => Promise.reject(new Error('connection refused')),
        config: () => {
          throw new Error('not loaded');
        },
        stuck: () => new Promise(() => {}),
      },
    });
    const ready = await get('/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text)).toEqual({
      ready: false,
      checks: {
        fine: 'ok',
        nats: 'not connected',
        postgres: 'connection refused',
        config: 'not loaded',
        stuck: 'no answer in time',
      },
    });
    expect((await get('/healthz')).status).toBe(200);
  });

  it('serves metrics as Prometheus wants them, and an error instead of half a page', async () => {
    const get = await setup();
    expect(await get('/metrics?x=1')).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: 'up 1\n',
    });
    const broken = await setup({ metrics: () => Promise.reject(new Error('collector broke')) });
    expect(await broken('/metrics')).toMatchObject({ status: 500, text: '{"error":"collector broke"}\n' });
  });

  it('answers nothing else', async () => {
    const get = await setup();
    expect((await get('/')).status).toBe(404);
    expect((await get('/healthz', { method: 'POST' })).status).toBe(405);
  });

  it('rejects when the port is taken', async () => {
    await setup();
    const port = servers[0]?.port ?? 0;
    await expect(setup({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
