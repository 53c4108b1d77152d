import { publishDurably } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { headers } from 'nats';
import { PROMPT_CANARY, SECRETS } from '../system/configuration.js';
import { call } from '../load/call.js';
import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

const BODIES: Readonly<Record<string, string>> = {
  empty: '',
  'not-json': 'this is no JSON',
  'half-json': '{"model": "steady", "messages": [{"role":',
  'not-an-object': '[1, 2, 3]',
  'no-model': `{"messages": [{"role": "user", "content": "${PROMPT_CANARY}"}]}`,
  'unknown-model': `{"model": "none", "messages": [{"role": "user", "content": "${PROMPT_CANARY}"}]}`,
  proto: `{"model": "steady", "__proto__": {"polluted": true}, "messages": [{"role": "user", "content": "${PROMPT_CANARY}"}]}`,
  deep: `{"model": "steady", "messages": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  binary: '\u0000\u0001\u0002\uffff',
};

export const POISON: readonly Scenario[] = [
  {
    name: 'poison-jobs',
    fault: `published jobs that are no requests: ${Object.keys(BODIES).join(', ')}; headers that lie; one whose answer never comes`,
    shows: 'each has the outcome failed or dead_lettered, and its neighbours are served',
    kind: 'single',
    quietWithinMs: 60_000,
    async run({ system, load, ledger, run, check }) {
      // Beside it, so that what fails one job for ever is not taken for a provider that is out: then it would be forgiven.
      load.start({ perSecond: 20, models: ['steady', 'lonely'] });
      const publish = async (name: string, body: string, more: Readonly<Record<string, string>> = {}) => {
        const key = `${run}-${name}`;
        const h = headers();
        for (const [header, value] of Object.entries(more)) h.set(header, value);
        const publication = await publishDurably(system.connection, 'jobs.standard.acme', body, {
          headers: h,
          messageId: key,
        });
        if (publication.kind === 'stored')
          ledger.write({
            kind: 'accepted',
            via: 'publish',
            key,
            tenant: 'acme',
            job: key,
            class: 'standard',
            detail: key,
          });
      };
      for (const [name, body] of Object.entries(BODIES)) await publish(name, body);
      const good = `{"model": "steady", "messages": [{"role": "user", "content": "${PROMPT_CANARY}"}]}`;
      await publish('unknown-api', good, { 'Penstock-Api': 'none' });
      await publish('bad-deadline', good, { 'Penstock-Deadline': 'soon' });
      await publish('bad-reply', good, { 'Penstock-Reply-To': 'jobs.standard.globex' });
      await publish('bad-trace', good, { traceparent: 'no-trace' });
      await publish(
        'hopeless',
        good.replace('steady', 'lonely').replace(PROMPT_CANARY, `${PROMPT_CANARY} [[fault: 500]]`),
      );
      await pause(2_000);
      await load.ended();
      const mine = ledger.entries.filter(({ kind, key }) => kind === 'accepted' && !/-\d+$/.test(key));
      const outcomes = await eventually(
        async () => {
          const { rows } = await system.sql.query<{ job: string; state: string }>(
            'SELECT job, state FROM job_outcome WHERE job = ANY($1)',
            [mine.map(({ job }) => job)],
          );
          return rows.length === mine.length && rows;
        },
        { timeoutMs: 60_000, what: 'an outcome for every poisonous job' },
      );
      const wrong = outcomes.filter(
        ({ job, state }) =>
          !/-(proto|bad-trace)$/.test(job) && state !== 'failed' && state !== 'dead_lettered',
      );
      check('none of them succeeded', wrong.length === 0, JSON.stringify(wrong));
      const letters = await call(`${system.url}/v1/dead_letters?limit=100`, {
        headers: { authorization: `Bearer ${SECRETS.acme}` },
      });
      const listed = letters.kind === 'answer' && letters.text.includes(`${run}-hopeless`);
      check('the hopeless one is listed as a dead letter', listed);
    },
  },
];
