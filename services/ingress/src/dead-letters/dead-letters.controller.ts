import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { HEADER, refusal, RefusedError, STREAM, SUBJECT, type DeadLetterReason } from '@penstock/contracts';
import { decodeJob, fetchBody, storedMessage, storedMessages, type StoredMessage } from '@penstock/messaging';
import { endSpan, SPAN } from '@penstock/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readIdempotencyKey } from '../admission/read-idempotency-key.js';
import { requireRetention } from '../admission/require-retention.js';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { grant } from '../http/grant.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { toSeconds } from '../jobs/job-view.js';
import { markReplayed } from '../replays/mark-replayed.js';
import { submitOnce } from '../replays/submit-once.js';
import { publicId } from '../submission/submit-job.js';

/** A job set aside for a person, as it is listed: why and after what, and nothing of what was asked or answered. */
interface DeadLetterView {
  readonly id: string;
  readonly object: 'dead_letter';
  readonly job: string;
  readonly class: string;
  readonly model: string;
  readonly dead_lettered_at: number;
  readonly reason: { readonly code: string; readonly message: string };
  readonly history: DeadLetterReason['history'];
}

/** Jobs that used up their attempts: to be read, and sent again. */
@Controller('v1/dead_letters')
@UseGuards(ApiKeyGuard)
export class DeadLettersController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  /** Oldest first. `after` is the id of the last one of the page before. */
  @Get()
  async list(@Req() request: FastifyRequest, @Query('limit') limit = '20', @Query('after') after?: string) {
    const count = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
    if (count < 1 || count > 100) {
      throw new RefusedError(
        refusal('invalid_request', { param: 'limit', message: 'limit is a number from 1 to 100.' }),
      );
    }
    const { tenant } = principalOf(request);
    const letters = await storedMessages(
      this.parts.connection,
      STREAM.deadLetters,
      SUBJECT.deadLettersOf(tenant),
      after === undefined ? 0 : sequenceOf(after),
      count + 1,
    );
    return { object: 'list', data: letters.slice(0, count).map(view), has_more: letters.length > count };
  }

  @Get(':id')
  async one(@Req() request: FastifyRequest, @Param('id') id: string): Promise<DeadLetterView> {
    return view(await this.find(principalOf(request).tenant, id));
  }

  /** Sends the job again, as a new one with attempts of its own; the dead letter stays as a record. */
  @Post(':id/redrive')
  @HttpCode(202)
  async redrive(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
  ) {
    const { parts } = this;
    const principal = principalOf(request);
    const { tenant } = principal;
    requireRetention(parts, tenant);
    const idempotencyKey = grant(readIdempotencyKey(request.headers));
    const letter = await this.find(tenant, id);
    const { deadlineMs: _, replySubject: __, claimCheck: ___, ...dead } = jobOf(letter);
    const body = await fetchBody(parts.connection, jobOf(letter), letter.body);
    if (!body) throw new RefusedError(refusal('dead_letter_not_found'));
    const again = {
      ...dead,
      id: parts.makeId('job'),
      acceptedAtMs: parts.clock.nowMs(),
      attempts: [],
      keepResult: true,
    };
    const span = parts.tracing.startSpan(SPAN.request, undefined, {
      method: 'POST',
      route: '/v1/dead_letters/:id/redrive',
    });
    const submitted = await submitOnce(
      parts,
      principal,
      { job: again, body, sent: Buffer.from(id), entrance: 'redrive', idempotencyKey },
      span,
    );
    endSpan(span, undefined, submitted.ok ? undefined : submitted.refusal.code);
    const { job, sequence, replayed } = grant(submitted);
    markReplayed(reply, replayed);
    return {
      id: publicId(job, sequence),
      object: 'job',
      state: 'queued',
      class: job.class,
      model: job.model,
      redriven_from: id,
    };
  }

  private async find(tenant: string, id: string): Promise<StoredMessage> {
    const message = await storedMessage(this.parts.connection, STREAM.deadLetters, sequenceOf(id));
    if (message?.subject.split('.')[1] !== tenant) throw new RefusedError(refusal('dead_letter_not_found'));
    return message;
  }
}

function sequenceOf(id: string): number {
  const match = /^dead_([0-9a-z]{1,11})$/.exec(id);
  if (!match?.[1]) throw new RefusedError(refusal('dead_letter_not_found'));
  return parseInt(match[1], 36);
}

function jobOf(letter: StoredMessage) {
  const [, tenant = '', priorityClass] = letter.subject.split('.');
  return decodeJob({ tenant, class: priorityClass as 'standard' }, letter.headers);
}

function view(letter: StoredMessage): DeadLetterView {
  const job = jobOf(letter);
  const reason = JSON.parse(letter.headers.get(HEADER.reason)) as DeadLetterReason;
  return {
    id: `dead_${letter.sequence.toString(36)}`,
    object: 'dead_letter',
    job: job.id,
    class: job.class,
    model: job.model,
    dead_lettered_at: toSeconds(reason.atMs),
    reason: { code: reason.code, message: reason.message },
    history: reason.history,
  };
}
