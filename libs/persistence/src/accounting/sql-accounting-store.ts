import type {
  Generation,
  GenerationQuestion,
  OutcomeQuestion,
  RecordedOutcome,
  Spending,
  SpendingQuestion,
  UsageQuestion,
  UsageRow,
} from '@penstock/contracts';

import type { Database } from '../database.js';
import { JobOutcome } from '../entities/job-outcome.js';
import { ParkedEvent } from '../entities/parked-event.js';
import { insertInBulk } from '../insert-in-bulk.js';
import type { AccountingRecords, AccountingStore } from './accounting-store.js';
import { insertAttempts } from './insert-attempts.js';
import { findJob, selectLedgerOf } from './select-generation.js';
import { selectSpending } from './select-spending.js';
import { selectUsage } from './select-usage.js';

/** The store in Postgres, with the tables of the migration `create-ledger`. */
export class SqlAccountingStore implements AccountingStore {
  constructor(private readonly database: Database) {}

  record(records: AccountingRecords): Promise<AccountingRecords> {
    return this.database.transaction(async (transaction) => ({
      ...(await insertAttempts(transaction, records)),
      outcomes: await insertInBulk(transaction, JobOutcome, records.outcomes),
      parked: await insertInBulk(transaction, ParkedEvent, records.parked),
    }));
  }

  usage(question: UsageQuestion): Promise<readonly UsageRow[]> {
    return selectUsage(this.database, question);
  }

  async outcome({ tenant, job }: OutcomeQuestion): Promise<RecordedOutcome | undefined> {
    const manager = await this.database.manager();
    const found = await manager.findOneBy(JobOutcome, { tenant, job });
    return found ? toRecordedOutcome(found) : undefined;
  }

  async generation({ tenant, id }: GenerationQuestion): Promise<Generation | undefined> {
    const outcome = await this.outcome({ tenant, job: id });
    const job = outcome ? id : await findJob(this.database, tenant, id);
    const ended = outcome ?? (job === undefined ? undefined : await this.outcome({ tenant, job }));
    if (!ended || job === undefined) return undefined;
    return { ...ended, job, ...(await selectLedgerOf(this.database, tenant, job, ended)) };
  }

  spending(question: SpendingQuestion): Promise<Spending> {
    return selectSpending(this.database, question);
  }

  async parked(limit: number, after?: ParkedEvent): Promise<readonly ParkedEvent[]> {
    const manager = await this.database.manager();
    const query = manager.createQueryBuilder(ParkedEvent, 'event');
    if (after) query.where('(event.streamSequence, event.subject) > (:streamSequence, :subject)', after);
    return query.orderBy('event.streamSequence').addOrderBy('event.subject').limit(limit).getMany();
  }

  async unpark({ streamSequence, subject }: ParkedEvent): Promise<void> {
    const manager = await this.database.manager();
    await manager.delete(ParkedEvent, { streamSequence, subject });
  }
}

/** The casts hold because only validated events are recorded. */
function toRecordedOutcome(found: JobOutcome): RecordedOutcome {
  return {
    state: found.state as RecordedOutcome['state'],
    attempts: found.attempts,
    ...(found.errorCode !== null && {
      errorCode: found.errorCode as NonNullable<RecordedOutcome['errorCode']>,
    }),
    class: found.class as RecordedOutcome['class'],
    origin: found.origin as RecordedOutcome['origin'],
    api: found.api as RecordedOutcome['api'],
    model: found.model,
    acceptedAtMs: found.acceptedAt.getTime(),
    endedAtMs: found.endedAt.getTime(),
  };
}
