import type { StreamEvent } from '../dialects/dialect.js';
import type { PartialFault } from './fault.js';

/**
 * What the sender does next: send a piece, `pauseMs` after the one before at the earliest; or end, properly, by
 * closing the connection, or not at all.
 */
export type SendStep =
  | { readonly kind: 'send'; readonly text: string; readonly tokens: number; readonly pauseMs: number }
  | { readonly kind: 'end'; readonly how: 'finish' | 'destroy' | 'stall' };

/**
 * Turns the events of an answer into what is really sent. A whole JSON body counts as one event, so `afterEvents` says
 * nothing there: a cut, a truncation and a stall strike in its middle.
 */
export function* spoilEvents(
  events: Iterable<StreamEvent>,
  fault: PartialFault | undefined,
  streamed: boolean,
  errorEvent: () => string,
): Generator<SendStep, void, void> {
  const strikesAt = fault && 'afterEvents' in fault ? (streamed ? fault.afterEvents : 0) : Infinity;
  let sent = 0;
  for (const event of events) {
    if (sent === strikesAt && fault) {
      if (fault.kind !== 'malformed') return yield* breakOff(event, fault, streamed, errorEvent);
      yield send(spoiled(event.text, streamed), event.tokens);
    } else if (fault?.kind === 'drip') {
      yield* drip(event, fault.bytes, fault.pauseMs);
    } else {
      yield send(event.text, event.tokens);
    }
    sent++;
  }
  yield { kind: 'end', how: 'finish' };
}

function* breakOff(
  event: StreamEvent,
  fault: PartialFault,
  streamed: boolean,
  errorEvent: () => string,
): Generator<SendStep, void, void> {
  const inMiddle = !streamed || (fault.kind === 'cut' && fault.midEvent);
  if (fault.kind === 'error_event' && streamed) yield send(errorEvent(), 0);
  else if (inMiddle) yield send(firstHalf(event.text), 0);
  const how = fault.kind === 'cut' ? 'destroy' : fault.kind === 'stall' ? 'stall' : 'finish';
  yield { kind: 'end', how };
}

function* drip(event: StreamEvent, bytes: number, pauseMs: number): Generator<SendStep, void, void> {
  for (let at = 0; at < event.text.length; at += bytes) {
    const isLast = at + bytes >= event.text.length;
    yield {
      kind: 'send',
      text: event.text.slice(at, at + bytes),
      tokens: isLast ? event.tokens : 0,
      pauseMs,
    };
  }
}

/** An event whose JSON breaks off, but which is framed as an event. */
function spoiled(text: string, streamed: boolean): string {
  return streamed ? `${firstHalf(text.trimEnd())}\n\n` : firstHalf(text);
}

function firstHalf(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}

function send(text: string, tokens: number): SendStep {
  return { kind: 'send', text, tokens, pauseMs: 0 };
}
