import { FAULT_KINDS } from '../faults/fault.js';
import { NameTable } from './name-table.js';
import { CALL_APIS, CALL_OUTCOMES, type LedgerEntry } from './ledger-entry.js';

/** Which entries to read; what is absent does not filter. Times are of the call's end. */
export interface LedgerFilter {
  readonly model?: string;
  readonly attempt?: string;
  readonly outcome?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface LedgerPage {
  readonly entries: readonly LedgerEntry[];
  /** Give it as `after` for the next page; absent on the last one. */
  readonly next?: number;
}

const TIMES = 2;
const CODES = 12;
const FIRST_CAPACITY = 1024;

/**
 * The calls that have ended, append-only. Keeps the newest `capacity`, in typed arrays that grow by doubling up to
 * that: 64 bytes an entry and its attempt's id, so a million are about 100 MB at most and nothing to the collector.
 */
export class Ledger {
  private times: Float64Array;
  private codes: Uint32Array;
  private attempts: string[];
  private held: number;
  private first = 1;
  private next = 1;
  private clearedTo = 1;
  private readonly models = new NameTable();
  private readonly keys = new NameTable();

  constructor(private readonly capacity: number) {
    this.held = Math.min(capacity, FIRST_CAPACITY);
    this.times = new Float64Array(this.held * TIMES);
    this.codes = new Uint32Array(this.held * CODES);
    this.attempts = emptyTexts(this.held);
  }

  get size(): number {
    return this.next - this.first;
  }

  /** Entries that were overwritten since the ledger was last cleared, for want of room. */
  get dropped(): number {
    return this.first - this.clearedTo;
  }

  append(entry: Omit<LedgerEntry, 'sequence'>): void {
    if (this.size === this.held) {
      if (this.held < this.capacity) this.grow();
      else this.first++;
    }
    const row = this.next++ % this.held;
    this.times[row * TIMES] = entry.startedAtMs;
    this.times[row * TIMES + 1] = entry.endedAtMs;
    this.attempts[row] = entry.attempt;
    const { codes } = this;
    let at = row * CODES;
    codes[at++] = CALL_APIS.indexOf(entry.api);
    codes[at++] = this.models.indexOf(entry.model);
    codes[at++] = this.keys.indexOf(entry.key);
    codes[at++] = CALL_OUTCOMES.indexOf(entry.outcome);
    codes[at++] = entry.fault === null ? 0 : FAULT_KINDS.indexOf(entry.fault) + 1;
    codes[at++] = entry.status;
    codes[at++] = (entry.streamed ? 1 : 0) + (entry.callerLeft ? 2 : 0);
    codes[at++] = entry.inputTokens;
    codes[at++] = entry.outputTokens;
    codes[at++] = entry.cachedTokens;
    codes[at++] = entry.cacheWriteTokens;
    codes[at] = entry.reasoningTokens;
  }

  /** The entries after sequence `after` that pass the filter, oldest first, `limit` of them at most. */
  read(filter: LedgerFilter, after: number, limit: number): LedgerPage {
    const entries: LedgerEntry[] = [];
    for (let sequence = Math.max(this.first, after + 1); sequence < this.next; sequence++) {
      if (filter.attempt !== undefined && this.attempts[sequence % this.held] !== filter.attempt) continue;
      const entry = this.entry(sequence);
      if (!passes(entry, filter)) continue;
      if (entries.length === limit) return { entries, next: entries.at(-1)?.sequence ?? after };
      entries.push(entry);
    }
    return { entries };
  }

  clear(): void {
    this.first = this.next;
    this.clearedTo = this.next;
    this.attempts = emptyTexts(this.held);
  }

  private entry(sequence: number): LedgerEntry {
    const row = sequence % this.held;
    const code = (column: number) => this.codes[row * CODES + column] ?? 0;
    return {
      sequence,
      attempt: this.attempts[row] ?? '',
      api: CALL_APIS[code(0)] ?? 'openai.chat',
      model: this.models.name(code(1)),
      key: this.keys.name(code(2)),
      startedAtMs: this.times[row * TIMES] ?? 0,
      endedAtMs: this.times[row * TIMES + 1] ?? 0,
      outcome: CALL_OUTCOMES[code(3)] ?? 'completed',
      fault: FAULT_KINDS[code(4) - 1] ?? null,
      status: code(5),
      streamed: (code(6) & 1) !== 0,
      callerLeft: (code(6) & 2) !== 0,
      inputTokens: code(7),
      outputTokens: code(8),
      cachedTokens: code(9),
      cacheWriteTokens: code(10),
      reasoningTokens: code(11),
    };
  }

  /** Rows stand at their sequence modulo the capacity, so each one has to be put at its new place. */
  private grow(): void {
    const { times, codes, attempts, held } = this;
    this.held = Math.min(held * 2, this.capacity);
    this.times = new Float64Array(this.held * TIMES);
    this.codes = new Uint32Array(this.held * CODES);
    this.attempts = emptyTexts(this.held);
    for (let sequence = this.first; sequence < this.next; sequence++) {
      const from = sequence % held;
      const to = sequence % this.held;
      this.times.set(times.subarray(from * TIMES, (from + 1) * TIMES), to * TIMES);
      this.codes.set(codes.subarray(from * CODES, (from + 1) * CODES), to * CODES);
      this.attempts[to] = attempts[from] ?? '';
    }
  }
}

/** Filled, since an array with holes that far apart would become a slow dictionary. */
function emptyTexts(count: number): string[] {
  return Array<string>(count).fill('');
}

function passes(entry: LedgerEntry, filter: LedgerFilter): boolean {
  return (
    (filter.model === undefined || entry.model === filter.model) &&
    (filter.outcome === undefined || entry.outcome === filter.outcome) &&
    (filter.fromMs === undefined || entry.endedAtMs >= filter.fromMs) &&
    (filter.toMs === undefined || entry.endedAtMs < filter.toMs)
  );
}
