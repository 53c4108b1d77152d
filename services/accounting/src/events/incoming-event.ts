import { SUBJECT } from '@penstock/contracts';

import { readEvent, type ReadEvent } from './read-event.js';

/** A message of EVENTS, as far as accounting needs it; or one event of a message that tells of several. */
export interface EventMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** An event with what it says, read once. */
export interface IncomingEvent extends EventMessage {
  readonly read: ReadEvent;
}

export function incomingEvent({ subject, sequence, data }: EventMessage): IncomingEvent {
  return { subject, sequence, data, read: readEvent(subject, data) };
}

/** The events of a message: one, or a line each. Each stands for itself: one that cannot be read harms no other. */
export function incomingEvents(message: EventMessage): IncomingEvent[] {
  const [, tenant = ''] = message.subject.split('.');
  if (message.subject !== SUBJECT.outcomes(tenant)) return [incomingEvent(message)];
  const { subject, sequence, data } = message;
  const events: IncomingEvent[] = [];
  for (let from = 0; from < data.length;) {
    const end = data.indexOf(NEWLINE, from);
    const to = end < 0 ? data.length : end;
    const line = { subject: `${subject}.${events.length}`, sequence, data: data.subarray(from, to) };
    events.push(incomingEvent(line));
    from = to + 1;
  }
  return events;
}

const NEWLINE = 0x0a;
