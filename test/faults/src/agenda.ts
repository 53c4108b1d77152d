import type { Scenario } from './scenarios/scenario.js';
import type { Kind } from './system/start-system.js';

/** One run of a fault that is still to be made. */
export interface Appointment {
  readonly scenario: Scenario;
  /** Counted from 0. */
  readonly round: number;
}

/**
 * What is still to be run, for several systems at a time. A system has one kind for as long as there is anything to
 * run on it; a new one gets the kind that fewest are at work on, and of those the one that most is left of.
 */
export class Agenda {
  readonly #left = new Map<Kind, Appointment[]>();
  readonly #atWork = new Map<Kind, number>();

  constructor(scenarios: readonly Scenario[], runs: number) {
    for (const scenario of scenarios) {
      const ofItsKind = this.#left.get(scenario.kind) ?? [];
      for (let round = 0; round < runs; round++) ofItsKind.push({ scenario, round });
      this.#left.set(scenario.kind, ofItsKind);
    }
  }

  /** What comes next for who has a system of the kind `has`, or none yet. Undefined: nothing is left. */
  next(has?: Kind): Appointment | undefined {
    const kind = has !== undefined && this.#left.get(has)?.length ? has : this.#mostNeeded();
    if (kind !== has) {
      if (has !== undefined) this.#count(has, -1);
      if (kind !== undefined) this.#count(kind, 1);
    }
    return kind === undefined ? undefined : this.#left.get(kind)?.shift();
  }

  /** Nothing more is run of this fault. */
  drop(scenario: Scenario): void {
    const left = this.#left.get(scenario.kind) ?? [];
    this.#left.set(
      scenario.kind,
      left.filter((appointment) => appointment.scenario !== scenario),
    );
  }

  #mostNeeded(): Kind | undefined {
    const open = [...this.#left].filter(([, left]) => left.length > 0);
    const busy = (kind: Kind) => this.#atWork.get(kind) ?? 0;
    return open.sort(([a, ofA], [b, ofB]) => busy(a) - busy(b) || ofB.length - ofA.length)[0]?.[0];
  }

  #count(kind: Kind, by: number): void {
    this.#atWork.set(kind, (this.#atWork.get(kind) ?? 0) + by);
  }
}
