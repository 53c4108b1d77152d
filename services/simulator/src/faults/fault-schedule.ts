import type { Random } from '@penstock/resilience';

import type { Fault, FaultRule } from './fault.js';

/**
 * Decides which calls of a model fail. One number is drawn for every call whatever the rules are, so the same seed
 * and the same order of calls give the same faults.
 */
export class FaultSchedule {
  private calls = 0;

  constructor(
    private readonly rules: readonly FaultRule[],
    private readonly random: Random,
    private readonly startMs: number,
  ) {}

  next(nowMs: number): Fault | undefined {
    const call = ++this.calls;
    const draw = this.random();
    const elapsedMs = nowMs - this.startMs;
    let drawnBefore = 0;
    for (const rule of this.rules) {
      const { rate } = rule;
      const from = drawnBefore;
      if (rate !== undefined) drawnBefore += rate;
      if (rate !== undefined && (draw < from || draw >= drawnBefore)) continue;
      if (rule.every !== undefined && call % rule.every !== 0) continue;
      if (rule.fromCall !== undefined && call < rule.fromCall) continue;
      if (rule.toCall !== undefined && call > rule.toCall) continue;
      if (rule.fromMs !== undefined && elapsedMs < rule.fromMs) continue;
      if (rule.toMs !== undefined && elapsedMs >= rule.toMs) continue;
      return rule.fault;
    }
    return undefined;
  }
}
