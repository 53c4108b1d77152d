import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROMPT_CANARY, SECRETS } from '../system/configuration.js';
import type { System } from '../system/start-system.js';

/** Looks for secrets and prompts in all that the services have logged, and in the broker's tables. */
export async function findLeaks(system: System, run: string): Promise<void> {
  const found: [place: string, what: string][] = [];
  const words = [...Object.values(SECRETS), PROMPT_CANARY, 'pg-canary'];
  for (const file of readdirSync(system.dir).filter((name) => name.endsWith('.log'))) {
    const text = readFileSync(path.join(system.dir, file), 'utf8');
    for (const word of words) if (text.includes(word)) found.push([file, word]);
  }
  for (const table of ['ledger', 'uncharged_attempt', 'job_outcome', 'parked_event']) {
    const { rows } = await system.sql.query<{ word: string }>(
      `SELECT word FROM unnest($1::text[]) AS word WHERE EXISTS
         (SELECT FROM ${table} AS entry WHERE position(word IN entry::text) > 0)`,
      [words],
    );
    for (const { word } of rows) found.push([table, word]);
  }
  for (const [place, what] of found)
    await system.sql.query('INSERT INTO judge.leak (run, place, what) VALUES ($1, $2, $3)', [
      run,
      place,
      what,
    ]);
}
