import { Agent } from 'node:http';
import { publishDurably } from '@penstock/messaging';
import { seededRandom, type Random } from '@penstock/resilience';
import { headers } from 'nats';
import { PROMPT_CANARY, SECRETS, type Tenant } from '../system/configuration.js';
import type { System } from '../system/start-system.js';
import { call, digest } from './call.js';
import type { ClientLedger, Via } from './client-ledger.js';

export interface Mix {
  /** Requests a second. */
  readonly perSecond: number;
  /** Which models are asked for, in turn. */
  readonly models: readonly string[];
  /** Shares of the entrances. What is left out is not used. */
  readonly shares: Partial<Record<Exclude<Via, 'batch' | 'probe'>, number>>;
  /** Put into every prompt: orders to the simulated provider. */
  readonly order: string;
  /** Share of accepted jobs that are sent a second time under the same key. */
  readonly repeated: number;
}

export const MIXED: Mix = {
  perSecond: 40,
  models: ['steady'],
  shares: { sync: 0.3, stream: 0.2, job: 0.3, publish: 0.2 },
  order: '[[latency: 150 200]]',
  repeated: 0.1,
};

const PATIENCE_MS = 60_000;

/**
 * Clients of a system, who write down what they see. They behave as good ones do: a job that was refused or got no
 * answer is sent again under the same key until it is accepted; a call that waits for its answer is made once.
 */
export class Load {
  private readonly random: Random;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 200 });
  private readonly under: Set<Promise<void>> = new Set();
  private timer: NodeJS.Timeout | undefined;
  private made = 0;

  constructor(
    private readonly system: System,
    readonly ledger: ClientLedger,
    /** Part of every key, so that no run is mistaken for another. */
    private readonly run: string,
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  /** Begins to send, at an even pace, until `stop`. */
  start(mix: Partial<Mix> = {}): void {
    const whole = { ...MIXED, ...mix };
    this.timer = setInterval(() => this.send(whole), 1000 / whole.perSecond);
  }

  /** Sends so many at once. */
  burst(count: number, mix: Partial<Mix> = {}): void {
    for (let i = 0; i < count; i++) this.send({ ...MIXED, ...mix });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Resolves when every request has come to its end. */
  async ended(): Promise<void> {
    this.stop();
    while (this.under.size > 0) await Promise.all(this.under);
  }

  /** Reads what became of every accepted job, twice, and tries to read some as the other tenant. */
  async readOutcomes(): Promise<void> {
    const seen = new Map<string, { key: string; tenant: Tenant; via: Via; publicId: string }>();
    for (const entry of this.ledger.entries) {
      if (entry.kind !== 'accepted' || entry.detail === undefined || entry.via === 'batch') continue;
      seen.set(entry.detail, { ...entry, publicId: entry.detail });
    }
    const all = [...seen.values()];
    for (let at = 0; at < all.length; at += 16) {
      await Promise.all(all.slice(at, at + 16).map((job, i) => this.readOutcome(job, i === 0)));
    }
    this.agent.destroy();
  }

  private async readOutcome(
    { key, tenant, via, publicId }: { key: string; tenant: Tenant; via: Via; publicId: string },
    probe: boolean,
  ): Promise<void> {
    const url = `${this.system.url}/v1/jobs/${publicId}`;
    const { agent } = this;
    const job = internalId(publicId);
    const as = (who: Tenant) => ({ headers: { authorization: `Bearer ${SECRETS[who]}` }, agent });
    for (let time = 0; time < 2; time++) {
      const result = await call(`${url}/result`, as(tenant));
      if (result.kind !== 'answer') continue;
      const state = result.headers['x-penstock-outcome'];
      this.ledger.write({
        kind: 'outcome',
        via,
        key,
        tenant,
        job,
        status: result.status,
        ...(typeof state === 'string' && { state, hash: digest(result.text) }),
      });
    }
    if (!probe) return;
    const other = tenant === 'acme' ? 'globex' : 'acme';
    for (const path of ['', '/result']) {
      const got = await call(`${url}${path}`, as(other));
      if (got.kind === 'answer')
        this.ledger.write({ kind: 'probed', via: 'probe', key, tenant: other, job, status: got.status });
    }
  }

  private send(mix: Mix): void {
    const number = ++this.made;
    const tenant: Tenant = this.random() < 0.5 ? 'acme' : 'globex';
    const via = this.choose(mix.shares);
    const model = mix.models[number % mix.models.length] ?? 'steady';
    const key = `${this.run}-${number}`;
    const content = `${PROMPT_CANARY} ${key} ${mix.order}`;
    const body = { model, messages: [{ role: 'user', content }] };
    const batch = this.random() < 0.3;
    const repeated = this.random() < mix.repeated;
    this.ledger.write({ kind: 'sent', via, key, tenant });
    const work =
      via === 'sync' || via === 'stream'
        ? this.wait(via, key, tenant, body)
        : this.submit(via, key, tenant, body, batch ? 'batch' : 'standard', repeated);
    const tracked = work.finally(() => this.under.delete(tracked));
    this.under.add(tracked);
  }

  private choose(shares: Mix['shares']): 'sync' | 'stream' | 'job' | 'publish' {
    let draw = this.random() * Object.values(shares).reduce((sum, share) => sum + share, 0);
    for (const [via, share] of Object.entries(shares)) {
      draw -= share;
      if (draw < 0) return via as 'sync';
    }
    return 'sync';
  }

  private async wait(via: 'sync' | 'stream', key: string, tenant: Tenant, body: object): Promise<void> {
    const made = await call(`${this.system.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRETS[tenant]}`, 'content-type': 'application/json' },
      body: JSON.stringify(via === 'stream' ? { ...body, stream: true } : body),
      agent: this.agent,
    });
    const who = { via, key, tenant, class: 'interactive' } as const;
    if (made.kind === 'broken') {
      const job = made.job === undefined ? {} : { job: made.job };
      return this.ledger.write({ kind: 'broken', ...who, ...job, detail: made.why });
    }
    const named = made.headers['x-penstock-job'];
    const job = typeof named === 'string' ? { job: named } : {};
    const streamed = made.status === 200 && via === 'stream';
    const whole = !streamed || withoutComments(made.text).trimEnd().endsWith('data: [DONE]');
    const error = /"code": ?"(\w+)"/.exec(made.status === 200 && whole ? '' : made.text)?.[1];
    this.ledger.write({
      kind: whole ? 'answered' : 'broken',
      ...who,
      ...job,
      status: made.status,
      hash: digest(made.text),
      ...(error !== undefined && { detail: error }),
      // A stream that says neither that it is done nor that it failed.
      ...(!whole && error === undefined && { detail: 'silent end' }),
    });
  }

  private async submit(
    via: 'job' | 'publish',
    key: string,
    tenant: Tenant,
    body: object,
    priorityClass: string,
    repeated: boolean,
  ): Promise<void> {
    const giveUpAtMs = Date.now() + PATIENCE_MS;
    const submitOnce = () =>
      via === 'job'
        ? this.post(key, tenant, body, priorityClass)
        : this.publish(key, tenant, body, priorityClass);
    for (let times = repeated ? 2 : 1; times > 0 && Date.now() < giveUpAtMs;) {
      if (await submitOnce()) times--;
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  private async post(key: string, tenant: Tenant, body: object, priorityClass: string): Promise<boolean> {
    const made = await call(`${this.system.url}/v1/jobs`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${SECRETS[tenant]}`,
        'content-type': 'application/json',
        'x-penstock-class': priorityClass,
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
      agent: this.agent,
    });
    const who = { via: 'job', key, tenant, class: priorityClass } as const;
    if (made.kind === 'broken') this.ledger.write({ kind: 'broken', ...who, detail: made.why });
    else if (made.status !== 202) this.ledger.write({ kind: 'answered', ...who, status: made.status });
    else {
      const { id } = JSON.parse(made.text) as { id: string };
      this.ledger.write({ kind: 'accepted', ...who, job: internalId(id), status: 202, detail: id });
      return true;
    }
    return false;
  }

  private async publish(key: string, tenant: Tenant, body: object, priorityClass: string): Promise<boolean> {
    const h = headers();
    h.set('Penstock-Api', 'openai.chat');
    const publication = await publishDurably(
      this.system.connection,
      `jobs.${priorityClass}.${tenant}`,
      JSON.stringify(body),
      { headers: h, messageId: key, timeoutMs: 3_000 },
    );
    const who = { via: 'publish', key, tenant, class: priorityClass } as const;
    const stored = publication.kind === 'stored' || publication.kind === 'duplicate';
    if (stored) this.ledger.write({ kind: 'accepted', ...who, job: key, detail: key });
    else this.ledger.write({ kind: 'broken', ...who, detail: publication.kind });
    return stored;
  }
}

/** A stream waits for its outcome to be stored, and says by comments that it does, also behind its last event. */
function withoutComments(events: string): string {
  return events.replace(/^:.*\n\n/gm, '');
}

/** A job's id as the broker's rows have it. */
function internalId(publicId: string): string {
  return publicId.replace(/-[isb][0-9a-z]+$/, '');
}
