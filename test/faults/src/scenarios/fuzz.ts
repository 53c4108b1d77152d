import fc from 'fast-check';
import { call } from '../load/call.js';
import { PROMPT_CANARY, SECRETS } from '../system/configuration.js';
import { ENDPOINTS } from './endpoints.js';
import type { Scenario } from './scenario.js';

const KEYS: readonly (string | undefined)[] = [
  SECRETS.acme,
  SECRETS.globex,
  undefined,
  'sk-unknown',
  'sk-canary-acme',
];

const TEXTS: readonly string[] = [
  '',
  '__proto__',
  '../..',
  '%00',
  "' OR 1=1 --",
  '*',
  '>',
  'a'.repeat(300),
  '\u{1F4A5}',
  'job_1-s1',
];

const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ maxLength: 40 }));

const json = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc
    .record(
      {
        model: fc.oneof(fc.constantFrom('steady', 'none', ''), fc.jsonValue()),
        messages: fc.oneof(
          fc.constant([{ role: 'user', content: PROMPT_CANARY }]),
          fc.array(fc.record({ role: text, content: fc.jsonValue() }), { maxLength: 3 }),
          fc.jsonValue(),
        ),
        stream: fc.oneof(fc.boolean(), fc.jsonValue()),
        max_tokens: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
        input: fc.jsonValue(),
        prompt: fc.jsonValue(),
        tools: fc.jsonValue(),
        contents: fc.jsonValue(),
        input_file_id: text,
        endpoint: text,
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc.string({ maxLength: 200 }),
);

const requests = fc.record({
  endpoint: fc.constantFrom(...ENDPOINTS),
  parameter: text,
  query: fc.dictionary(
    fc.constantFrom('wait', 'limit', 'after', 'key', 'alt', 'from', 'to', 'purpose'),
    text,
    { maxKeys: 3 },
  ),
  key: fc.constantFrom(...KEYS),
  headers: fc.dictionary(
    fc.constantFrom(
      'x-penstock-class',
      'x-penstock-deadline',
      'x-penstock-api',
      'x-penstock-tenant',
      'idempotency-key',
      'traceparent',
      'content-type',
      'x-penstock-routing',
    ),
    text.filter((value) => /^[\x21-\x7e]*$/.test(value)),
    { maxKeys: 3 },
  ),
  body: json,
});

export const FUZZ: Scenario = {
  name: 'fuzz',
  fault: `requests made up by chance, from the seed, for each of the ${ENDPOINTS.length} endpoints: paths, queries, headers, keys and bodies`,
  shows:
    'no 5xx but what the provider is to blame for, nothing without a key, nothing of the machine in an error',
  kind: 'single',
  async run({ system, random, check, note, long }) {
    const seed = Math.floor(random() * 2 ** 31);
    const count = long ? 3_000 : 500;
    const sample = fc.sample(requests, { seed, numRuns: count });
    const wrong: string[] = [];
    let answered = 0;
    for (let at = 0; at < sample.length; at += 20) {
      await Promise.all(
        sample.slice(at, at + 20).map(async ({ endpoint, parameter, query, key, headers, body }) => {
          const path = endpoint.path.replace(/:\w+|\*/, encodeURIComponent(parameter));
          const search = new URLSearchParams(query).toString();
          const bodied = endpoint.method === 'POST';
          const made = await call(`${system.url}${path}${search && `?${search}`}`, {
            method: endpoint.method,
            headers: {
              ...(bodied && { 'content-type': 'application/json' }),
              ...headers,
              ...(key !== undefined && { authorization: `Bearer ${key}` }),
            },
            ...(bodied && { body }),
          });
          if (made.kind === 'broken') return void wrong.push(`${endpoint.method} ${path}: ${made.why}`);
          answered++;
          const known = key === SECRETS.acme || key === SECRETS.globex;
          const said = `${endpoint.method} ${path} ${JSON.stringify({ query, headers })} ${body.slice(0, 300)}: ${made.status} ${made.text.slice(0, 200)}`;
          // A request made up by chance may be one that the provider is asked, and refuses: embeddings of a chat model.
          if (made.status >= 500 && !/"(no_capacity|unavailable|provider_error)"/.test(made.text))
            wrong.push(said);
          if (!known && made.status < 400) wrong.push(`without a key: ${said}`);
          if (/node_modules|\/src\/|    at |ECONN|postgres:\/\//.test(made.text))
            wrong.push(`tells of the inside: ${said}`);
        }),
      );
    }
    note('requests', answered);
    check(
      'every request was answered as it should be',
      wrong.length === 0,
      wrong.slice(0, 5).join('\n        '),
    );
  },
};
