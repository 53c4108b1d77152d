import { readEvent, type ReadEvent } from './read-event.js';

/** A message of EVENTS, as far as accounting needs it. */
export interface EventMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** The message with what it says, read once. */
export interface IncomingEvent extends EventMessage {
  readonly read: ReadEvent;
}

export function incomingEvent({ subject, sequence, data }: EventMessage): IncomingEvent {
  return { subject, sequence, data, read: readEvent(subject, data) };
}
