/** So many tasks are done at the end of any turn, however few wait. */
const AT_LEAST = 4;

/** Of those that wait, so many are done at the end of a turn: what comes in at any pace is worked off at that pace. */
const SHARE = 1 / 4;

/**
 * Does what nobody waits for when what somebody waits for has been looked at, a little at a time.
 *
 * A turn of the event loop does all that has arrived, and what arrives meanwhile waits for its end. To write down a
 * batch line's end in the turn that brought its answer makes the next answer wait, and with it a provider's place that
 * is free: where places are few that costs throughput. So such work is put off to the end of the turn, and when it is
 * much, over several turns, between which new answers are seen to.
 */
export class SpareTime {
  private tasks: (() => void)[] = [];
  private begun = false;

  constructor(
    /** Runs a task at the end of this turn of the event loop. */
    private readonly atEndOfTurn: (task: () => void) => void = setImmediate,
  ) {}

  /** Resolves when there is time: after all that has arrived by now, in the order of the calls. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.tasks.push(resolve);
      if (this.begun) return;
      this.begun = true;
      this.atEndOfTurn(this.work);
    });
  }

  private readonly work = (): void => {
    const count = Math.max(AT_LEAST, Math.ceil(this.tasks.length * SHARE));
    const due = this.tasks.slice(0, count);
    this.tasks = this.tasks.slice(count);
    this.begun = this.tasks.length > 0;
    if (this.begun) this.atEndOfTurn(this.work);
    for (const task of due) task();
  };
}
