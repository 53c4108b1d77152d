import type { Clock } from '@penstock/resilience';

/** Time that passes as fast as events can be computed. Events at the same instant run in the order they were set. */
export class SimulatedClock implements Clock {
  private now = 0;
  private readonly times: number[] = [];
  private readonly numbers: number[] = [];
  private readonly tasks: (() => void)[] = [];
  private set = 0;

  nowMs(): number {
    return this.now;
  }

  monotonicMs(): number {
    return this.now;
  }

  after(delayMs: number, task: () => void): () => void {
    let wanted = true;
    this.at(this.now + delayMs, () => {
      if (wanted) task();
    });
    return () => {
      wanted = false;
    };
  }

  every(periodMs: number, task: () => void): () => void {
    let cancel = () => {};
    const again = () => {
      cancel = this.after(periodMs, () => {
        again();
        task();
      });
    };
    again();
    return () => cancel();
  }

  /** Runs `task` at an instant that has not passed. Cannot be cancelled. */
  at(atMs: number, task: () => void): void {
    const { times, numbers, tasks } = this;
    let place = times.length;
    const number = this.set++;
    times.push(atMs);
    numbers.push(number);
    tasks.push(task);
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (times[above]! <= atMs) break;
      this.copy(above, place);
      place = above;
    }
    times[place] = atMs;
    numbers[place] = number;
    tasks[place] = task;
  }

  /** Runs the next event. False when there is none before `untilMs`, which then is the present. */
  step(untilMs: number): boolean {
    const { times, numbers, tasks } = this;
    if (times.length === 0 || times[0]! > untilMs) {
      this.now = untilMs;
      return false;
    }
    this.now = times[0]!;
    const task = tasks[0]!;
    const time = times.pop()!;
    const number = numbers.pop()!;
    const last = tasks.pop()!;
    const size = times.length;
    if (size > 0) {
      let place = 0;
      for (let below = 1; below < size; below = 2 * place + 1) {
        if (below + 1 < size && this.isBefore(below + 1, times[below]!, numbers[below]!)) below++;
        if (!this.isBefore(below, time, number)) break;
        this.copy(below, place);
        place = below;
      }
      times[place] = time;
      numbers[place] = number;
      tasks[place] = last;
    }
    task();
    return true;
  }

  private isBefore(place: number, time: number, number: number): boolean {
    const other = this.times[place]!;
    return other < time || (other === time && this.numbers[place]! < number);
  }

  private copy(from: number, to: number): void {
    this.times[to] = this.times[from]!;
    this.numbers[to] = this.numbers[from]!;
    this.tasks[to] = this.tasks[from]!;
  }
}
