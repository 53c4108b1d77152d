import { ManualClock } from '@penstock/resilience';
import fastify, { type FastifyInstance } from 'fastify';
import { SseWriter } from './sse-writer.js';

describe('an answer written as events', () => {
  const clock = new ManualClock();
  let server: FastifyInstance;
  let writer: Promise<SseWriter>;
  let url: string;
  beforeAll(async () => {
    server = fastify();
    let made: (writer: SseWriter) => void;
    writer = new Promise((resolve) => (made = resolve));
    server.get('/', (_request, reply) => {
      made(new SseWriter(reply, { 'x-request-id': 'req_1' }, clock, 60_000));
    });
    url = await server.listen({ port: 0 });
  });
  afterAll(() => server.close());

  it('has a comment whenever nothing was written for a while, which clients read past', async () => {
    const answer = fetch(url);
    const sse = await writer;
    clock.advance(9_999);
    expect(sse.started).toBe(false);
    clock.advance(1);
    const head = await answer;
    expect(head.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(head.headers.get('x-request-id')).toBe('req_1');
    sse.write('data: 1\n\n');
    clock.advance(10_000);
    sse.write('data: 2\n\n');
    clock.advance(10_000);
    clock.advance(10_000);
    sse.end();
    clock.advance(60_000);
    const events = (await head.text()).split('\n\n');
    expect(events).toEqual([
      expect.stringMatching(/^: /),
      'data: 1',
      'data: 2',
      expect.stringMatching(/^: /),
      '',
    ]);
  });
});
