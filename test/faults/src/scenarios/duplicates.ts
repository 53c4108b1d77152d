import { STREAM } from '@penstock/contracts';
import { publishDurably } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { headers } from 'nats';
import { PROMPT_CANARY } from '../system/configuration.js';
import { pause } from './pause.js';
import type { Scenario, Stage } from './scenario.js';

async function publishAgain(
  { system, ledger, run }: Stage,
  key: string,
  messageId: string | undefined,
): Promise<void> {
  const h = headers();
  // The id that makes it the same job; the server looks at its own header only.
  if (messageId === undefined) h.set('Nats-Msg-Id', key);
  const body = { model: 'steady', messages: [{ role: 'user', content: `${PROMPT_CANARY} ${run}` }] };
  const publication = await publishDurably(system.connection, 'jobs.standard.acme', JSON.stringify(body), {
    headers: h,
    ...(messageId !== undefined && { messageId }),
  });
  if (publication.kind === 'stored' || publication.kind === 'duplicate')
    ledger.write({
      kind: 'accepted',
      via: 'publish',
      key,
      tenant: 'acme',
      job: key,
      class: 'standard',
      detail: key,
    });
}

export const DUPLICATES: readonly Scenario[] = [
  {
    name: 'duplicates',
    fault:
      'jobs are sent again under their keys: at once, while they run, after they ended; and again after the server has forgotten the keys',
    shows: 'one job and one result for each key, whatever was asked of the provider',
    kind: 'single',
    core: true,
    async run(stage) {
      const { system, load, check, ledger } = stage;
      load.burst(40, { shares: { job: 0.5, publish: 0.5 }, repeated: 1 });
      await load.ended();
      const keys = Array.from({ length: 10 }, (_, i) => `${stage.run}-again-${i}`);
      for (const key of keys) await publishAgain(stage, key, key);
      await eventually(
        async () => (await system.connection.jsm.streams.info(STREAM.durable)).state.messages === 0,
        {
          timeoutMs: 20_000,
          what: 'all of them done',
        },
      );
      // The window of a stream is shortened until it is over, which is what two minutes would do.
      const { config } = await system.connection.jsm.streams.info(STREAM.durable);
      await system.connection.jsm.streams.update(STREAM.durable, { ...config, duplicate_window: 100e6 });
      await pause(500);
      for (const key of keys) await publishAgain(stage, key, key);
      await eventually(
        async () => (await system.connection.jsm.streams.info(STREAM.durable)).state.messages === 0,
        {
          timeoutMs: 20_000,
          what: 'the repeated ones done',
        },
      );
      await system.connection.jsm.streams.update(STREAM.durable, config);
      check('all keys were taken', ledger.count('accepted') >= 80);
    },
  },
  {
    name: 'acks-lost',
    fault:
      "the server's words to the worker, the router and accounting are cut five times each: acknowledgements that were sent and never came",
    shows: 'what was stored is not stored twice',
    kind: 'single',
    async run({ system, load, random }) {
      load.start();
      for (let i = 0; i < 5; i++) {
        for (const name of ['worker', 'router', 'accounting'] as const) {
          await pause(100 + random() * 300);
          for (const line of system.services[name].lines) line.cut();
        }
      }
      await pause(500);
    },
  },
];
