import { chatBody } from '../gateways/gateway.js';
import type { Penstock } from '../gateways/start-penstock.js';
import { runLoad } from '../load/run-load.js';
import { openLanes } from '../queues/penstock-lanes.js';
import { BULLMQ, BULLMQ_ALWAYS, GRAPHILE, PG_BOSS, startQueues } from '../queues/queue-system.js';
import { inTurn, type Once } from './in-turn.js';
import { all, compare, figureOf, judge, say } from './judge.js';
import type { Cell, Row } from './row.js';

const IN_FLIGHT = 64;

interface Enqueuer {
  readonly name: string;
  readonly once: () => Promise<Once>;
}

const EVERY_SECOND = 'synced every second';
const ALWAYS = 'synced first';

/** Storing jobs, one by one, each acknowledged. */
export const enqueue: Row = {
  name: 'enqueue',
  title: 'Durable enqueue, 64 in flight',
  async measure(bench) {
    const closing: (() => Promise<void>)[] = [];
    const { enqueueSeconds: seconds } = bench.scale;
    const payload = chatBody('gated', false);
    const own = async (penstock: Penstock): Promise<Enqueuer[]> => {
      const lanes = await openLanes(penstock, bench.guard);
      closing.push(lanes.close, penstock.stop);
      const purged = async (act: () => Promise<Once>) => {
        await lanes.purge();
        return act();
      };
      const publish = async () => {
        const { perSecond = NaN, p50Ms = NaN } = await lanes.producer.tell({
          do: 'add',
          seconds,
          inFlight: IN_FLIGHT,
          payload,
        });
        return { figures: { perSecond, p50Ms } };
      };
      const post = async () => {
        const { perSecond, p50Ms, failed } = await runLoad({
          url: `${penstock.installation.httpUrl}/v1/jobs`,
          headers: { authorization: `Bearer ${penstock.key}` },
          body: payload,
          connections: IN_FLIGHT,
          seconds,
          status: 202,
        });
        return { figures: { perSecond, p50Ms }, failed };
      };
      return [
        { name: 'Penstock, publish', once: () => purged(publish) },
        { name: 'Penstock, POST /v1/jobs', once: () => purged(post) },
      ];
    };
    const others = async (kinds: Parameters<typeof startQueues>[1]): Promise<Enqueuer[]> => {
      const queues = await startQueues(bench, kinds);
      closing.push(...queues.map(({ stop }) => stop));
      return queues.map(({ name, producer }) => ({
        name,
        once: async () => {
          await producer.tell({ do: 'clear' });
          const { perSecond = NaN, p50Ms = NaN } = await producer.tell({
            do: 'add',
            seconds,
            inFlight: IN_FLIGHT,
            payload,
          });
          return { figures: { perSecond, p50Ms } };
        },
      }));
    };
    const cells: Cell[] = [];
    // Nothing behind the gate is answered: storing is all that goes on.
    await bench.upstream.closeGate();
    try {
      const lazy = [...(await own(await bench.startPenstock({}))), ...(await others([BULLMQ]))];
      cells.push(...(await inTurn(bench, EVERY_SECOND, lazy, ({ once }) => once())));
      const strict = [
        ...(await own(await bench.startPenstock({ syncInterval: 'always' }))),
        ...(await others([BULLMQ_ALWAYS, PG_BOSS, GRAPHILE])),
      ];
      cells.push(...(await inTurn(bench, ALWAYS, strict, ({ once }) => once())));
    } finally {
      for (const close of closing) await close();
      await bench.upstream.openGate();
    }
    const of = (system: string, at: string) => figureOf(cells, system, at, 'perSecond');
    const atLeast = (factor: number) =>
      all(
        [EVERY_SECOND, ALWAYS].map((at) =>
          compare(of('Penstock, publish', at), '>=', factor * of('BullMQ', at)),
        ),
      );
    const ratio = (at: string) =>
      `${say(of('Penstock, publish', at), 0)} = ${say(of('Penstock, publish', at) / of('BullMQ', at))} × BullMQ`;
    return {
      about: `Jobs of 1 KB, stored one by one, 64 not yet acknowledged at any time. The producer is a process of its own with the ordinary client.
\`synced every second\` is nats-server's \`sync_interval: 1s\` and Redis' \`appendfsync everysec\`; \`synced first\` is \`always\` of either, and what
Postgres does. A publish is what BullMQ's \`add\` is; \`POST /v1/jobs\` also authenticates and checks the request. Nothing is run meanwhile.`,
      columns: [
        { figure: 'perSecond', title: 'Jobs/s', digits: 0 },
        { figure: 'p50Ms', title: 'p50 ms', digits: 2 },
      ],
      cells,
      verdicts: [
        judge(
          {
            work: 'Durable enqueue, 64 in flight, everysec-like class / fsync class',
            least: "≥ BullMQ's",
            aim: '1.3 ×',
            measured: `${ratio(EVERY_SECOND)} / ${ratio(ALWAYS)}`,
          },
          atLeast(1),
          atLeast(1.3),
        ),
      ],
      drawn: { figure: 'perSecond', title: 'Durable enqueue, jobs a second, 64 in flight' },
    };
  },
};
