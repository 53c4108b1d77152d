import { failureKind, type AttemptRecord } from '@penstock/contracts';
import { AttemptAborted, type AttemptResult } from './attempt-result.js';

/** One of the attempts that race for a job. */
export interface Entrant {
  /** Aborted when another one answers first. */
  readonly signal: AbortSignal;
  /** Asked when there is something to answer with. False: another one was first, and nothing may reach the caller. */
  readonly claim: () => boolean;
  /** Tells what became of it. */
  readonly end: (result: AttemptResult) => void;
}

/** How a race ended: what becomes of the job, and the attempts that were made beside the one that decides it. */
export interface RaceOutcome {
  readonly result: AttemptResult;
  readonly beside: readonly AttemptRecord[];
  /** Whose result it is, in the order in which they entered. */
  readonly winner: number;
}

interface Runner {
  readonly controller: AbortController;
  readonly number: number;
}

/**
 * Attempts of one job that run at the same time. The first that has something to answer with is the job's answer, and
 * the others are broken off at that very moment; while none has, one that fails leaves the job to those that still run.
 * Plain bookkeeping: it calls nobody and keeps no time.
 */
export class Race {
  private readonly runners: Runner[] = [];
  private readonly ended: { readonly runner: Runner; readonly result: AttemptResult }[] = [];
  private ahead: Runner | undefined;

  /** @param onClaim Called if this one turns out to be the first. */
  enter(onClaim: () => void): Entrant {
    const runner: Runner = { controller: new AbortController(), number: this.runners.length };
    this.runners.push(runner);
    const claim = (): boolean => {
      if (this.ahead) return this.ahead === runner;
      this.ahead = runner;
      onClaim();
      for (const other of this.runners) {
        if (other !== runner) other.controller.abort(new AttemptAborted('outrun'));
      }
      return true;
    };
    return {
      signal: runner.controller.signal,
      claim,
      end: (result) => {
        this.ended.push({ runner, result });
        // An error of the caller's own making, or the end of a job that nobody wants any more.
        if (result.kind !== 'retryable' && result.kind !== 'not_attempted') claim();
      },
    };
  }

  /** Whether the job's answer is found, or there is nobody left to find it. */
  get isDecided(): boolean {
    return this.ahead !== undefined || this.ended.length === this.runners.length;
  }

  /** Whether this one's result is the job's, as far as is known: nobody else claimed it, nor runs on to claim it. */
  isDecidedBy(entrant: Entrant): boolean {
    const others = this.runners.filter(({ controller }) => controller.signal !== entrant.signal);
    if (this.ahead) return !others.includes(this.ahead);
    return others.every((other) => this.ended.some(({ runner }) => runner === other));
  }

  /** To be asked when all have ended. */
  outcome(): RaceOutcome {
    const deciding =
      this.ended.find(({ runner }) => runner === this.ahead) ??
      this.ended.findLast(({ result }) => result.kind === 'retryable') ??
      this.ended[0]!;
    return {
      result: deciding.result,
      winner: deciding.runner.number,
      beside: this.ended.flatMap(({ runner, result }) =>
        runner === deciding.runner ? [] : recordsOf(result),
      ),
    };
  }
}

/** The record of an attempt that does not decide. The router forgives no other than the last one: so it is done here. */
export function recordsOf(result: AttemptResult): AttemptRecord[] {
  switch (result.kind) {
    case 'not_attempted':
      return [];
    case 'retryable':
      return [
        failureKind(result.failure) === 'overload' ? { ...result.attempt, forgiven: true } : result.attempt,
      ];
    default:
      return [result.attempt];
  }
}
