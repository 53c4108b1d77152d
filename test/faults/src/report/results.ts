import { availableParallelism, totalmem } from 'node:os';
import type { FaultResult } from '../programme.js';

/** A programme's results with the circumstances they were got under. */
export interface DescribedRun {
  readonly at: string;
  readonly machine: string;
  readonly form: 'short' | 'long';
  readonly seed: number;
  readonly minutes: number;
  readonly faults: readonly FaultResult[];
}

export function describeRun(
  faults: readonly FaultResult[],
  {
    seed,
    long,
    startedAtMs,
  }: { readonly seed: number; readonly long: boolean; readonly startedAtMs: number },
): DescribedRun {
  return {
    at: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}`,
    form: long ? 'long' : 'short',
    seed,
    minutes: Math.round((Date.now() - startedAtMs) / 6_000) / 10,
    faults,
  };
}
