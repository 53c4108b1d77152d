import { duration } from './report/numbers.js';
import type { Report } from './report/report.js';
import type { Stage } from './stage/stage.js';
import { callFailingDeployment } from './steps/call-failing-deployment.js';
import { drawTrace } from './steps/draw-trace.js';
import { makeStreamedCall } from './steps/make-streamed-call.js';
import { makeSyncCall } from './steps/make-sync-call.js';
import { publishToSubjects } from './steps/publish-to-subjects.js';
import { runBatch } from './steps/run-batch.js';
import { tellAttempts } from './steps/tell-attempts.js';
import { tellOutcomes } from './steps/tell-outcomes.js';
import { tellSpending } from './steps/tell-spending.js';

type Step = (stage: Stage, report: Report) => Promise<void>;

const STEPS: readonly (readonly [title: string, step: Step])[] = [
  ['A sync call', makeSyncCall],
  ['A streamed call', makeStreamedCall],
  ['A deployment that fails half of its calls', callFailingDeployment],
  ['Jobs published to subjects', publishToSubjects],
  ['A batch file', runBatch],
  ['Outcomes by entrance and class, out of Postgres', tellOutcomes],
  ['Attempts by deployment', tellAttempts],
  ['Tokens and cost by tenant, out of Postgres', tellSpending],
  ['One trace', drawTrace],
];

/** Plays every step. One that breaks off is missing, and does not keep the others from being told. */
export async function runDemo(stage: Stage, report: Report): Promise<void> {
  for (const [at, [title, step]] of STEPS.entries()) {
    report.heading(`${at + 1}  ${title}`);
    const startedAtMs = stage.clock.monotonicMs();
    try {
      await step(stage, report);
    } catch (error) {
      stage.signal.throwIfAborted();
      const tookMs = stage.clock.monotonicMs() - startedAtMs;
      report.check(false, `${title} broke off after ${duration(tookMs)}`, messageOf(error));
    }
  }
}

/** fetch says what went wrong in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
