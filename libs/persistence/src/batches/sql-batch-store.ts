import type { AskList, AskOne, BatchStatus } from '@penstock/contracts';
import type { Database } from '../database.js';
import type { Sql } from '../sql.js';
import type { BatchOrder, BatchProgress, BatchRecord, FileRecord } from './batch-record.js';
import { setProgress, toBatch, toFile, type BatchRow, type FileRow } from './batch-rows.js';
import type { BatchFiles, BatchMove, BatchStore, RemovedBatch, RemovedFile } from './batch-store.js';

const UNFINISHED = `status IN ('validating', 'in_progress', 'finalizing', 'cancelling')`;

/** Of a row of `batch_file AS file`. */
const BEING_READ = `EXISTS (SELECT 1 FROM batch WHERE input_file_id = file.id AND ${UNFINISHED})`;

/** The store in Postgres, with the tables of the migration `create-batches`. */
export class SqlBatchStore implements BatchStore {
  constructor(private readonly database: Database) {}

  async addFile(file: FileRecord): Promise<FileRecord> {
    if (await insertFile(this.database, file)) return file;
    const { rows } = await this.database.query<FileRow>(
      `SELECT * FROM batch_file WHERE tenant = $1 AND id = $2`,
      [file.tenant, file.id],
    );
    return rows[0] ? toFile(rows[0]) : file;
  }

  async file({ tenant, id }: AskOne): Promise<FileRecord | undefined> {
    const { rows } = await this.database.query<FileRow>(
      `SELECT * FROM batch_file WHERE tenant = $1 AND id = $2 AND expires_at > now()`,
      [tenant, id],
    );
    return rows[0] && toFile(rows[0]);
  }

  async files(question: AskList): Promise<readonly FileRecord[]> {
    const { rows } = await this.database.query<FileRow>(
      `SELECT * FROM batch_file WHERE tenant = $1 AND expires_at > now() AND ($4::text IS NULL OR purpose = $4)
         AND ($2::text IS NULL OR id ${comesAfter(question)} $2) ${inOrder(question)} LIMIT $3`,
      [question.tenant, question.after ?? null, question.limit + 1, question.purpose ?? null],
    );
    return rows.map(toFile);
  }

  async removeFile(question: AskOne): Promise<RemovedFile> {
    const { rows } = await this.database.query<FileRow>(
      `DELETE FROM batch_file AS file WHERE tenant = $1 AND id = $2 AND NOT ${BEING_READ} RETURNING *`,
      [question.tenant, question.id],
    );
    if (rows[0]) return { kind: 'removed', file: toFile(rows[0]) };
    return { kind: (await this.file(question)) ? 'in_use' : 'not_found' };
  }

  async expiredFiles(limit: number): Promise<readonly FileRecord[]> {
    const { rows } = await this.database.query<FileRow>(
      `SELECT * FROM batch_file AS file WHERE expires_at <= now() AND NOT ${BEING_READ}
       ORDER BY expires_at LIMIT $1`,
      [limit],
    );
    return rows.map(toFile);
  }

  async addBatch(
    order: BatchOrder,
    files: BatchFiles,
    owner: string,
    leaseMs: number,
  ): Promise<BatchRecord | undefined> {
    const { rows } = await this.database.query<BatchRow>(
      `INSERT INTO batch (id, tenant, key_name, input_file_id, endpoint, completion_window, metadata,
         output_expires_after_seconds, status, created_at, expires_at, usage, output, errors, owner, owned_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'validating', $9, $10,
         '{"input":0,"cachedInput":0,"output":0,"reasoning":0}', $11, $12, $13, now() + $14 * interval '1 ms')
       ON CONFLICT DO NOTHING RETURNING *`,
      [
        order.id,
        order.tenant,
        order.keyName ?? null,
        order.inputFileId,
        order.endpoint,
        order.completionWindow,
        order.metadata ? JSON.stringify(order.metadata) : null,
        order.outputExpiresAfterSeconds ?? null,
        new Date(order.createdAtMs),
        new Date(order.expiresAtMs),
        JSON.stringify(files.output),
        JSON.stringify(files.errors),
        owner,
        leaseMs,
      ],
    );
    return rows[0] && toBatch(rows[0]);
  }

  async batch({ tenant, id }: AskOne): Promise<BatchRecord | undefined> {
    const { rows } = await this.database.query<BatchRow>(
      `SELECT * FROM batch WHERE tenant = $1 AND id = $2`,
      [tenant, id],
    );
    return rows[0] && toBatch(rows[0]);
  }

  async batches(question: AskList): Promise<readonly BatchRecord[]> {
    const { rows } = await this.database.query<BatchRow>(
      `SELECT * FROM batch WHERE tenant = $1 AND ($2::text IS NULL OR id ${comesAfter(question)} $2)
         AND ($4::text IS NULL OR endpoint = $4) ${inOrder(question)} LIMIT $3`,
      [question.tenant, question.after ?? null, question.limit + 1, question.endpoint ?? null],
    );
    return rows.map(toBatch);
  }

  async cancel(question: AskOne, nowMs: number): Promise<BatchRecord | undefined> {
    const { rows } = await this.database.query<BatchRow>(
      `UPDATE batch SET status = 'cancelling', reached = reached || jsonb_build_object('cancelling', $3::bigint)
       WHERE tenant = $1 AND id = $2 AND status IN ('validating', 'in_progress') RETURNING *`,
      [question.tenant, question.id, nowMs],
    );
    return rows[0] ? toBatch(rows[0]) : this.batch(question);
  }

  async removeBatch(question: AskOne): Promise<RemovedBatch> {
    const { rows } = await this.database.query<BatchRow>(
      `DELETE FROM batch WHERE tenant = $1 AND id = $2 AND NOT (${UNFINISHED}) RETURNING *`,
      [question.tenant, question.id],
    );
    if (rows[0]) return { kind: 'removed', batch: toBatch(rows[0]) };
    return { kind: (await this.batch(question)) ? 'unfinished' : 'not_found' };
  }

  async claim(owner: string, leaseMs: number): Promise<readonly BatchRecord[]> {
    const { rows } = await this.database.query<BatchRow>(
      `UPDATE batch SET owner = $1, owned_until = now() + $2 * interval '1 ms' WHERE id IN (
         SELECT id FROM batch WHERE ${UNFINISHED} AND (owner IS NULL OR owned_until < now())
         ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
       ) RETURNING *`,
      [owner, leaseMs],
    );
    return rows.map(toBatch);
  }

  async renew(
    owner: string,
    ids: readonly string[],
    leaseMs: number,
  ): Promise<ReadonlyMap<string, BatchStatus>> {
    const { rows } = await this.database.query<{ id: string; status: BatchStatus }>(
      `UPDATE batch SET owned_until = now() + $3 * interval '1 ms' WHERE owner = $1 AND id = ANY($2)
       RETURNING id, status`,
      [owner, ids, leaseMs],
    );
    return new Map(rows.map(({ id, status }) => [id, status]));
  }

  async letGo(owner: string): Promise<void> {
    await this.database.query(`UPDATE batch SET owner = NULL WHERE owner = $1 AND ${UNFINISHED}`, [owner]);
  }

  async save(owner: string, id: string, progress: Partial<BatchProgress>): Promise<BatchStatus | undefined> {
    const { set, parameters } = setProgress(progress, 3);
    const { rows } = await this.database.query<{ status: BatchStatus }>(
      `UPDATE batch SET ${set.join(', ')} WHERE id = $1 AND owner = $2 RETURNING status`,
      [id, owner, ...parameters],
    );
    return rows[0]?.status;
  }

  move(owner: string, id: string, move: BatchMove): Promise<boolean> {
    const reached = Object.fromEntries(move.through.map((status) => [status, move.atMs]));
    const { set, parameters } = setProgress(move.progress ?? {}, 6);
    return this.database.transaction(async (sql) => {
      const { affected } = await sql.query(
        `UPDATE batch SET ${['status = $4', 'reached = reached || $5', ...set].join(', ')}
         WHERE id = $1 AND owner = $2 AND status = $3`,
        [id, owner, move.from, move.through.at(-1), JSON.stringify(reached), ...parameters],
      );
      if (affected === 0) return false;
      for (const file of move.files ?? []) await insertFile(sql, file);
      return true;
    });
  }
}

/** False when there is one of that id. */
async function insertFile(sql: Sql, file: FileRecord): Promise<boolean> {
  const { affected } = await sql.query(
    `INSERT INTO batch_file (id, tenant, filename, purpose, bytes, parts, checked, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      file.id,
      file.tenant,
      file.filename,
      file.purpose,
      file.bytes,
      JSON.stringify(file.parts),
      file.checked ? JSON.stringify(file.checked) : null,
      new Date(file.createdAtMs),
      new Date(file.expiresAtMs),
    ],
  );
  return affected > 0;
}

/** Ids sort by the instant they were made, so they are all that a page has to remember. */
function comesAfter({ order }: AskList): '<' | '>' {
  return order === 'asc' ? '>' : '<';
}

function inOrder({ order }: AskList): string {
  return `ORDER BY id ${order === 'asc' ? 'ASC' : 'DESC'}`;
}
