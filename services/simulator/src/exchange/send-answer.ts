import type { ServerResponse } from 'node:http';

import type { Clock } from '@penstock/resilience';

import type { AnswerStamp, Dialect, PlannedAnswer } from '../dialects/dialect.js';
import { errorOfStatus } from '../dialects/provider-error.js';
import { isWholeFault } from '../faults/fault.js';
import { spoilEvents } from '../faults/spoil-events.js';
import { producedAfterMs, tokensProducedBy, type Pace } from '../latency/pace.js';
import { chargedFor, type OpenCall } from './open-call.js';
import { PacedSender } from './paced-sender.js';
import { JSON_BODY, sendWhole } from './send-json.js';

/** An answer on its way. */
export interface Sending {
  readonly clock: Clock;
  readonly call: OpenCall;
  readonly dialect: Dialect;
  readonly response: ServerResponse;
  readonly id: string;
  /** Flat list of names and values. */
  readonly headers: readonly string[];
  readonly answer: PlannedAnswer;
  readonly pace: Pace;
}

/**
 * Sends an answer at its pace, with the fault that was chosen for it. An answer that is due at once, whole and sound
 * goes out within the event that brought the request: that is the path that benchmarks run on.
 */
export function sendAnswer(sending: Sending): void {
  const { call, response, id, headers, answer, pace } = sending;
  const stamp: AnswerStamp = {
    id,
    createdAtS: Math.floor(call.startedAtMs / 1000),
    withUsage: call.fault?.kind !== 'missing_usage',
  };
  if (call.streamed) return sendSteps(sending, answer.events(stamp), STREAM_HEADERS);

  const body = answer.body(stamp);
  const { outputTokens } = answer.usage;
  if (!call.fault && producedAfterMs(pace, outputTokens) === 0) {
    call.finish(200, answer.usage);
    return sendWhole(response, 200, body, headers, answer.media);
  }
  const { type, encoding } = answer.media ?? JSON_BODY;
  // A body that a fault shortens has no length to tell beforehand.
  const length = call.fault ? [] : ['content-length', String(Buffer.byteLength(body, encoding))];
  sendSteps(sending, [{ text: body, tokens: outputTokens }], ['content-type', type, ...length], encoding);
}

const STREAM_HEADERS = ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache'];

function sendSteps(
  { clock, call, dialect, response, headers, answer, pace }: Sending,
  events: ReturnType<PlannedAnswer['events']>,
  ownHeaders: readonly string[],
  encoding: BufferEncoding = 'utf8',
): void {
  const { usage } = answer;
  const fault = call.fault && !isWholeFault(call.fault) ? call.fault : undefined;
  const steps = spoilEvents(events, fault, call.streamed, () => dialect.renderErrorEvent(errorOfStatus(500)));
  const sender = new PacedSender(
    steps,
    pace,
    clock,
    response,
    [...ownHeaders, ...headers],
    {
      onEnd: (sentTokens) => call.finish(200, chargedFor(usage, sentTokens)),
      onCallerLeft: (sentTokens, elapsedMs) => {
        const produced = call.streamed ? sentTokens : tokensProducedBy(pace, elapsedMs, usage.outputTokens);
        call.abandon(response.headersSent ? 200 : 0, chargedFor(usage, produced));
      },
    },
    encoding,
  );
  sender.start();
}
