import type { IncomingMessage, ServerResponse } from 'node:http';

import { readDirectives } from '../completion/directives.js';
import type { Dialect, Reading, ReadyCall, RequestTarget } from '../dialects/dialect.js';
import {
  contextLengthExceeded,
  invalidApiKey,
  limitReached,
  modelNotFound,
  type ProviderError,
} from '../dialects/provider-error.js';
import { isWholeFault } from '../faults/fault.js';
import { newAnswerId } from './answer-id.js';
import { OpenCall } from './open-call.js';
import { parseBody } from './parse-body.js';
import { readKey } from './read-key.js';
import { readOrders } from './read-orders.js';
import { sendAnswer } from './send-answer.js';
import { sendError } from './send-error.js';
import { sendFault } from './send-fault.js';
import type { Simulation } from './simulation.js';

/** What came in: one request of a dialect, its body read. */
export interface IncomingCall {
  readonly dialect: Dialect;
  readonly target: RequestTarget;
  readonly query: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Undefined when it was too large. */
  readonly body: Buffer | undefined;
}

/**
 * One call from its body to its answer, in the order in which a provider does it: who is it, what is asked, is there
 * such a model, may it run now. Then what goes wrong, if anything was ordered to; then the answer at its pace.
 */
export function answerCall(simulation: Simulation, incoming: IncomingCall): void {
  const { dialect, request, response } = incoming;
  const { clock, keys, models, random } = simulation;
  const id = newAnswerId(random);
  const headers = dialect.idHeader === undefined ? [] : [dialect.idHeader, `req_${id}`];
  const key = readKey(request.headers, incoming.query);
  const call = new OpenCall(simulation, dialect.api, keys.nameOf(key), attemptOf(request));
  const refuse = (error: ProviderError) => {
    call.refuse(error.status);
    sendError(response, dialect, error, headers);
  };

  if (!keys.admits(key)) return refuse(invalidApiKey(key !== undefined));
  const read = readCall(incoming);
  if (!read.ok) return refuse(read.error);
  const ready = read.value;
  call.modelId = ready.model;
  call.streamed = ready.stream;
  const model = models.find(ready.model);
  if (!model || model.settings.kind !== ready.kind) return refuse(modelNotFound(ready.model));

  const nowMs = clock.monotonicMs();
  call.arriveAt(model, nowMs);
  const directives = readDirectives(ready.prompt);
  const orders = readOrders(request.headers, directives);
  if (!orders.ok) return refuse(orders.error);
  const answer = ready.plan(directives, model.settings.output, model.drawCallSeed());
  const tokens = answer.usage.inputTokens + answer.usage.outputTokens;
  const { contextTokens, limits, latency } = model.settings;
  if (tokens > contextTokens) return refuse(contextLengthExceeded(contextTokens, tokens));

  const limiter = model.limiter(call.key);
  const full = limiter.enter(limits, nowMs, tokens);
  headers.push(...dialect.limitHeaders(limiter.state(limits, nowMs), call.startedAtMs));
  if (full) return refuse(limitReached(ready.model, full));
  call.enter(limiter, nowMs, tokens);
  call.fault = orders.value.fault ?? model.faults.next(nowMs);

  if (call.fault && isWholeFault(call.fault)) return sendFault(call, call.fault, dialect, response, headers);
  const pace = model.drawPace(orders.value.latency ?? latency);
  sendAnswer({ clock, call, dialect, response, id, headers, answer, pace });
}

function attemptOf(request: IncomingMessage): string {
  const id = request.headers['x-request-id'];
  return typeof id === 'string' ? id : '';
}

function readCall({ dialect, target, request, body }: IncomingCall): Reading<ReadyCall> {
  const json = parseBody(body, request.headers['content-type']);
  return json.ok ? dialect.read(json.value, target) : json;
}
