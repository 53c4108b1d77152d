import type { Random } from '@penstock/resilience';
import type { ClientLedger } from '../load/client-ledger.js';
import type { Load } from '../load/load.js';
import type { Kind, System } from '../system/start-system.js';

/** What a run of a fault has to work with. */
export interface Stage {
  readonly system: System;
  readonly load: Load;
  readonly ledger: ClientLedger;
  /** Seeded: everything that is left to chance is drawn from it. */
  readonly random: Random;
  readonly run: string;
  /** Counted from 0: what a fault goes through in turn. */
  readonly round: number;
  readonly long: boolean;
  /** Something that has to hold beside the invariants. */
  check(what: string, holds: boolean, detail?: string): void;
  /** A figure for the table. */
  note(what: string, value: number): void;
  /** Makes a simulated model behave otherwise; put back when the run is over. */
  simulate(model: string, behaviour: object): Promise<void>;
  /** From here on nothing is expected of what was accepted before: its only store is gone. */
  wiped(): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  /** What is done. */
  readonly fault: string;
  /** What it must show, beside the invariants. */
  readonly shows: string;
  readonly kind: Kind;
  /** Part of `npm test`. */
  readonly core?: boolean;
  /** How long after the fault all must be quiet. Default 45 s. */
  readonly quietWithinMs?: number;
  run(stage: Stage): Promise<void>;
}
