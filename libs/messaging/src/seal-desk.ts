import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { JobSeal, newSealSecret } from './job-seal.js';

const BUCKET = 'seals';
const KEY = 'jobs';

/** The server's codes for a key that is there already. */
const TAKEN = new Set([10071, 10164]);

/**
 * Where a process has its installation's seal from: a key-value bucket, which no publisher may read. The first process
 * to look makes the secret; of several at once one wins, and the others take the winner's. A server that has lost its
 * store is given the secret that was: jobs that were sealed before they could be sent, and those that are sent before all
 * have looked, would otherwise be taken for a publisher's, and their callers would wait for ever.
 */
export class SealDesk {
  private held: { readonly secret: string; readonly seal: JobSeal } | undefined;
  private loading: Promise<JobSeal> | undefined;

  constructor(
    private readonly js: JetStreamClient,
    private readonly replicas: number,
  ) {}

  /** The seal if it is in memory, as it is from a process's first job on: nothing is waited for on the way of a job. */
  get current(): JobSeal | undefined {
    return this.held?.seal;
  }

  /** Fetches the seal anew, as after a reconnect to a server that may have lost it. Rejects without a server. */
  load(): Promise<JobSeal> {
    this.loading ??= this.fetch().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async fetch(): Promise<JobSeal> {
    const bucket = await new Kvm(this.js).create(BUCKET, { history: 1, replicas: this.replicas });
    let secret = (await bucket.get(KEY))?.string();
    if (secret === undefined) {
      const made = this.held?.secret ?? newSealSecret();
      try {
        await bucket.create(KEY, made);
        secret = made;
      } catch (error) {
        if (!(error instanceof JetStreamApiError) || !TAKEN.has(error.code)) throw error;
        secret = (await bucket.get(KEY))?.string();
      }
    }
    if (!secret) throw new Error('The seal of the installation could not be read.');
    if (this.held?.secret !== secret) this.held = { secret, seal: new JobSeal(secret) };
    return this.held.seal;
  }
}
