import { randomBytes } from 'node:crypto';
import {
  SUBJECT,
  type BatchObject,
  type CreateBatch,
  type FileContent,
  type FileObject,
  type Read,
} from '@penstock/contracts';
import { ensureTopology, FileStore, openConnection, request, type Connection } from '@penstock/messaging';
import { migrateDatabase, openDatabase, type Database } from '@penstock/persistence';
import { idMaker, systemClock } from '@penstock/resilience';
import { RouteCatalogue } from '@penstock/scheduling';
import { startTelemetry } from '@penstock/telemetry';
import {
  createDatabase,
  eventually,
  startNatsServer,
  type TestDatabase,
  type TestNatsServer,
} from '@penstock/testing';
import {
  startBatch,
  type BatchOptions,
  type RunningBatchService,
} from '../../services/batch/src/start-batch.js';

export const makeId = idMaker(() => systemClock.nowMs(), randomBytes);

/** A line of a file, as a client writes it. */
export function chatLine(customId: string, content = customId, model = 'small'): string {
  const body = { model, messages: [{ role: 'user', content }], max_tokens: 16 };
  return JSON.stringify({ custom_id: customId, method: 'POST', url: '/v1/chat/completions', body });
}

export function chatLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) => chatLine(`c${i + 1}`));
}

/** A line of an output or error file, as a client reads it. */
export interface ReadLine {
  readonly id: string;
  readonly custom_id: string;
  readonly response: {
    readonly status_code: number;
    readonly body: { readonly choices: { readonly message: { readonly content: string } }[] };
  } | null;
  readonly error: { readonly code: string } | null;
}

/** A nats-server, a database and the batch service, and what a client does with them. */
export class BatchBench {
  readonly errors: unknown[] = [];
  readonly telemetry = startTelemetry({
    service: 'batch',
    version: '0.0.0',
    env: {},
    log: { level: 'silent' },
  });

  private constructor(
    readonly nats: TestNatsServer,
    readonly testDatabase: TestDatabase,
    readonly database: Database,
    readonly connection: Connection,
    readonly files: FileStore,
  ) {}

  static async open(): Promise<BatchBench> {
    const [nats, testDatabase] = await Promise.all([startNatsServer(), createDatabase()]);
    await migrateDatabase({ url: testDatabase.url, applicationName: 'test' });
    const database = openDatabase({ url: testDatabase.url, applicationName: 'test', poolSize: 4 });
    const connection = await openConnection({ url: nats.url, name: 'test' });
    await ensureTopology(connection);
    return new BatchBench(nats, testDatabase, database, connection, await FileStore.open(connection));
  }

  start(options: Partial<BatchOptions> = {}): Promise<RunningBatchService> {
    return startBatch({
      connection: this.connection,
      database: this.database,
      clock: systemClock,
      makeId,
      telemetry: this.telemetry,
      routes: new RouteCatalogue([{ name: 'small', deployments: [], maxOutputTokens: 1_000 }], []),
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  async ask<T>(subject: string, question: unknown): Promise<T> {
    const read = await this.tell<T>(subject, question);
    if (!read.ok) throw new Error(`${subject}: ${read.refusal.code}: ${read.refusal.message}`);
    return read.value;
  }

  tell<T>(subject: string, question: unknown): Promise<Read<T>> {
    return request<Read<T>>(this.connection, subject, question);
  }

  async upload(tenant: string, text: string): Promise<FileObject> {
    const id = makeId('file');
    const source = async function* () {
      if (text.length > 0) yield Buffer.from(text);
    };
    const parts = await this.files.write(id, source());
    return this.ask(SUBJECT.registerFile, { tenant, id, filename: 'in.jsonl', purpose: 'batch', parts });
  }

  create(tenant: string, inputFileId: string, more: Partial<CreateBatch> = {}): Promise<BatchObject> {
    return this.ask(SUBJECT.createBatch, {
      id: makeId('batch'),
      tenant,
      inputFileId,
      endpoint: '/v1/chat/completions',
      completionWindow: '24h',
      completionWindowMs: 24 * 3_600_000,
      metadata: null,
      ...more,
    } satisfies CreateBatch);
  }

  batch(tenant: string, id: string): Promise<BatchObject> {
    return this.ask(SUBJECT.askBatch, { tenant, id });
  }

  /** Waits until the batch has ended. */
  ended(tenant: string, id: string, timeoutMs = 20_000): Promise<BatchObject> {
    const final = ['completed', 'failed', 'expired', 'cancelled'];
    return eventually(
      async () => {
        const batch = await this.batch(tenant, id);
        return final.includes(batch.status) && batch;
      },
      { timeoutMs, what: `the end of ${id}` },
    );
  }

  async read(tenant: string, id: string | null): Promise<ReadLine[]> {
    if (id === null) return [];
    const { parts } = await this.ask<FileContent>(SUBJECT.askFileContent, { tenant, id });
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.files.read(parts)) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString().split('\n');
    expect(lines.pop()).toBe('');
    return lines.map((line) => JSON.parse(line) as ReadLine);
  }

  async close(): Promise<void> {
    await this.connection.close();
    await this.database.close();
    await Promise.all([this.nats.stop(), this.testDatabase.drop()]);
  }
}
