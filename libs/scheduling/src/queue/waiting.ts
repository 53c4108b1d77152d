import type { Appointment } from './agenda.js';
import { HeapNode } from './heap.js';
import type { LaneWindow } from './lane-window.js';
import type { QueuedJob } from './queued-job.js';
import type { Seat } from './seat.js';

/** A job in the queue, with its places in the heaps that hold it. */
export class Waiting<J extends QueuedJob> {
  /** Its place in its seat: by due time, then arrival. */
  readonly place: HeapNode<Waiting<J>>;
  /** When it has to be looked at next. A job without a deadline has no appointment. */
  appointment: HeapNode<Waiting<J>> | undefined;
  /** What that appointment is for. */
  next: Appointment = 'expire';
  /** Its neighbours in its lane's window. */
  older: Waiting<J> | undefined;
  newer: Waiting<J> | undefined;
  /** A job of another lane with the same id. */
  namesake: Waiting<J> | undefined;
  /** Where it waits now. */
  seat: Seat<J> | undefined;

  constructor(
    readonly job: J,
    /** The lane it came from. Promotion changes its seat and never this. */
    readonly home: LaneWindow<J>,
    dueMs: number,
    arrival: number,
  ) {
    this.place = new HeapNode<Waiting<J>>(this, dueMs, arrival);
  }
}
