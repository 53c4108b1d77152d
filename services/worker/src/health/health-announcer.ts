import { SUBJECT, type AttemptRecord, type WorkerFigures } from '@penstock/contracts';
import { sendJson, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import { CallFigures } from './call-figures.js';

const PERIOD_MS = 1_000;

/** What has not changed is told all the same so often: to whoever has started meanwhile, and because it grows old. */
const ALL_EVERY = 10;

/** Keeps figures of the calls made here, and tells everybody once a second what is new: no message for any one job. */
export class HealthAnnouncer {
  private readonly figures = new Map<string, CallFigures>();
  private readonly changed = new Set<string>();
  private readonly stop: () => void;
  private periods = 0;

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly worker: string,
  ) {
    this.stop = clock.every(PERIOD_MS, () => this.tell());
  }

  record(attempt: AttemptRecord, streamed: boolean): void {
    const { deployment } = attempt;
    let figures = this.figures.get(deployment);
    if (!figures) this.figures.set(deployment, (figures = new CallFigures(deployment, this.clock)));
    figures.record(attempt, streamed);
    this.changed.add(deployment);
  }

  /** How long 95 % of the answers of a deployment took to begin lately; undefined while too few are known. */
  slowMs(deployment: string, streamed: boolean): number | undefined {
    return this.figures.get(deployment)?.slowMs(streamed);
  }

  close(): void {
    this.tell();
    this.stop();
  }

  private tell(): void {
    const all = ++this.periods % ALL_EVERY === 0;
    const told = [...this.figures].filter(([deployment]) => all || this.changed.has(deployment));
    this.changed.clear();
    if (told.length === 0) return;
    const message: WorkerFigures = {
      worker: this.worker,
      deployments: told.map(([, figures]) => figures.read()),
    };
    sendJson(this.connection, SUBJECT.health, message);
  }
}
