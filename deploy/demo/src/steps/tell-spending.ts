import type { UsageRow } from '@penstock/contracts';
import { compareCharges } from '../figures/compare-charges.js';
import { readCharges } from '../figures/simulator-figures.js';
import { readLedger, readSpending, type SpendingFigures } from '../figures/spending-figures.js';
import { whole } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

/** Tokens and cost by tenant out of the ledger, held against what the provider counted itself. */
export async function tellSpending(stage: Stage, report: Report): Promise<void> {
  const spending = await readSpending(stage.database);
  report.table(
    [
      { title: 'tenant' },
      { title: 'charged attempts', align: 'right' },
      { title: 'input tokens', align: 'right' },
      { title: 'output tokens', align: 'right' },
      { title: 'cost in USD', align: 'right' },
    ],
    spending.map((row) => [
      row.tenant,
      ...[row.charged, row.inputTokens, row.outputTokens].map(whole),
      row.costUsd,
    ]),
  );
  const { alike, unlike } = compareCharges(await readLedger(stage.database), await readCharges(stage));
  report.check(
    alike > 0 && unlike.length === 0,
    "the ledger equals the provider's own",
    unlike.length === 0
      ? `${whole(alike)} charges, each to the token`
      : `${unlike.length} differ, such as ${unlike[0]}`,
  );
  for (const row of spending) await compareUsage(stage, report, row);
  report.check(
    spending.length === 2,
    'two tenants are billed',
    spending.map(({ tenant }) => tenant).join(', '),
  );
}

/** What the tenant itself is told over HTTP. */
async function compareUsage({ clients }: Stage, report: Report, row: SpendingFigures): Promise<void> {
  const client = clients[row.tenant as keyof typeof clients];
  const { data } = await client.json<{ readonly data: readonly UsageRow[] }>(client.get('/v1/usage'));
  const told = data.reduce((tokens, usage) => tokens + usage.inputTokens + usage.outputTokens, 0);
  report.check(
    told === row.inputTokens + row.outputTokens,
    `GET /v1/usage as ${row.tenant}`,
    `${whole(told)} tokens`,
  );
}
