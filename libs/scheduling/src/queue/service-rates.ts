/** Starts in one busy stretch after another: what has gone by while jobs waited, and what was started meanwhile. */
interface Measured {
  /** Decayed by the time that was busy. */
  starts: number;
  busyMs: number;
  /** Starts that were counted at all. */
  seen: number;
  /** Up to when busy time is counted; undefined while nobody waits. */
  countedToMs: number | undefined;
  usedAtMs: number;
}

export interface ServiceRatesOptions {
  /** Busy time after which what was measured counts half. Default 60 s. */
  readonly halfLifeMs?: number;
  /** Starts before a rate is told. Default 5. */
  readonly evidence?: number;
}

/** A gate that was not busy for so long is forgotten: what was true then says nothing any more. */
const FORGET_AFTER_MS = 600_000;

/**
 * How fast waiting jobs are started at each gate. Only time in which jobs wait there and could be run is counted: what
 * starts while nobody waits says how much is asked for, and not how much can be done. A plain book; the instant is given.
 */
export class ServiceRates {
  private readonly gates = new Map<string, Measured>();
  private readonly halfLifeMs: number;
  private readonly evidence: number;

  constructor({ halfLifeMs = 60_000, evidence = 5 }: ServiceRatesOptions = {}) {
    this.halfLifeMs = halfLifeMs;
    this.evidence = evidence;
  }

  /** Jobs wait at the gate for room to come. */
  busy(gate: string, nowMs: number): void {
    let measured = this.gates.get(gate);
    if (!measured) {
      measured = { starts: 0, busyMs: 0, seen: 0, countedToMs: undefined, usedAtMs: nowMs };
      this.gates.set(gate, measured);
    }
    this.count(measured, nowMs);
    measured.countedToMs = nowMs;
    measured.usedAtMs = nowMs;
  }

  /** Nobody waits there, or nothing there can be called now. */
  idle(gate: string, nowMs: number): void {
    const measured = this.gates.get(gate);
    if (!measured || measured.countedToMs === undefined) return;
    this.count(measured, nowMs);
    measured.countedToMs = undefined;
  }

  /** All gates but these are idle. */
  idleBut(busy: ReadonlySet<string>, nowMs: number): void {
    for (const [gate, { usedAtMs }] of this.gates) {
      if (!busy.has(gate)) this.idle(gate, nowMs);
      if (nowMs - usedAtMs > FORGET_AFTER_MS) this.gates.delete(gate);
    }
  }

  /** A job that went through the gate was started. It counts if the gate was busy. */
  started(gate: string, nowMs: number): void {
    const measured = this.gates.get(gate);
    if (!measured || measured.countedToMs === undefined) return;
    this.count(measured, nowMs);
    measured.starts += 1;
    measured.seen += 1;
  }

  /** Jobs a second that start while others wait; undefined until enough of them did. */
  perSecond(gate: string, nowMs: number): number | undefined {
    const measured = this.gates.get(gate);
    if (!measured || measured.seen < this.evidence) return undefined;
    this.count(measured, nowMs);
    return (measured.starts / Math.max(1, measured.busyMs)) * 1_000;
  }

  private count(measured: Measured, nowMs: number): void {
    if (measured.countedToMs === undefined) return;
    const passedMs = Math.max(0, nowMs - measured.countedToMs);
    if (passedMs === 0) return;
    const kept = 2 ** (-passedMs / this.halfLifeMs);
    measured.starts *= kept;
    measured.busyMs = measured.busyMs * kept + passedMs;
    measured.countedToMs = nowMs;
  }
}
