import { Controller, Delete, Get, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { refusal, RefusedError } from '@penstock/contracts';
import { laneDepth, type Answer } from '@penstock/messaging';
import { endSpan, SPAN } from '@penstock/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { explainJob } from '../explanation/explain-job.js';
import type { Explanation } from '../explanation/explanation.js';
import { readOptions } from '../admission/read-options.js';
import { readWait } from '../admission/read-wait.js';
import { requireRetention } from '../admission/require-retention.js';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { grant } from '../http/grant.js';
import { traceparentOf, whenLeft } from '../http/request-context.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { markReplayed } from '../replays/mark-replayed.js';
import { submitOnce } from '../replays/submit-once.js';
import { admitJob, parsePublicId, publicId } from '../submission/submit-job.js';
import { awaitOutcome } from './await-outcome.js';
import { cancelJob } from './cancel-job.js';
import { expectStart } from './expect-start.js';
import { findJob } from './find-job.js';
import { toSeconds, viewOfOutcome, type JobView } from './job-view.js';

/** Jobs as such: submitted without waiting, looked up, waited for, cancelled. */
@Controller('v1/jobs')
@UseGuards(ApiKeyGuard)
export class JobsController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  /** 202 with the job, or with `?wait=` the job's view once it ended or the time is over. */
  @Post()
  async submit(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('wait') wait?: string,
  ): Promise<void> {
    const { parts } = this;
    const principal = principalOf(request);
    requireRetention(parts, principal.tenant);
    const waitMs = readWait(wait);
    const options = grant(readOptions(request.headers, principal, 'standard', parts.clock.nowMs()));
    const sent = request.body as Uint8Array;
    const admitted = grant(admitJob(parts, principal, options, sent, 'http'));
    const span = parts.tracing.startSpan(SPAN.request, traceparentOf(request), {
      method: 'POST',
      route: '/v1/jobs',
    });
    const { idempotencyKey } = options;
    const submitted = await submitOnce(
      parts,
      principal,
      { ...admitted, sent, entrance: 'job', idempotencyKey },
      span,
    );
    endSpan(span, undefined, submitted.ok ? undefined : submitted.refusal.code);
    const { job, sequence, replayed } = grant(submitted);
    markReplayed(reply, replayed);
    const id = publicId(job, sequence);
    void reply.header('location', `/v1/jobs/${id}`);
    if (job.preset !== undefined) void reply.header('x-penstock-preset', job.preset);

    const ended =
      waitMs > 0
        ? await awaitOutcome(parts, job.tenant, job.id, waitMs, whenLeft(reply))
        : { kind: 'none' as const };
    if (ended.kind !== 'none') return void reply.code(200).send(viewOfOutcome(id, ended));
    const position = await laneDepth(parts.connection, job);
    const expectedMs = position === undefined ? null : expectStart(parts, job, position);
    const view: JobView = {
      id,
      object: 'job',
      state: 'queued',
      class: job.class,
      model: job.model,
      position,
      expected_start_at: expectedMs === null ? null : toSeconds(expectedMs),
      accepted_at: toSeconds(job.acceptedAtMs),
      ...(job.preset !== undefined && { preset: job.preset }),
    };
    return void reply.code(202).send(view);
  }

  @Get(':id')
  async view(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Query('wait') wait?: string,
  ): Promise<JobView> {
    const { tenant } = principalOf(request);
    const waitMs = readWait(wait);
    if (waitMs > 0) {
      grant(await findJob(this.parts.connection, tenant, id));
      await awaitOutcome(this.parts, tenant, parsePublicId(id).id, waitMs, whenLeft(reply));
    }
    return grant(await findJob(this.parts.connection, tenant, id));
  }

  /** Where it ran and why there, how it went on the way, and how long each stage took. */
  @Get(':id/explain')
  async explain(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Explanation> {
    return grant(await explainJob(this.parts.connection, principalOf(request).tenant, id));
  }

  /** The answer itself, with the status and the bytes that a waiting caller would have had. */
  @Get(':id/result')
  async result(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
    @Query('wait') wait?: string,
  ): Promise<void> {
    const { tenant } = principalOf(request);
    const found = await awaitOutcome(
      this.parts,
      tenant,
      parsePublicId(id).id,
      readWait(wait),
      whenLeft(reply),
    );
    if (found.kind === 'result') return sendAnswer(reply, found.answer);
    // An outcome without a kept result, or none yet: say which.
    const view = grant(await findJob(this.parts.connection, tenant, id));
    throw new RefusedError(refusal(view.ended_at === undefined ? 'job_running' : 'job_not_found'));
  }

  @Delete(':id')
  async cancel(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
  ): Promise<void> {
    const ended = grant(await cancelJob(this.parts, principalOf(request).tenant, id));
    if (ended) return void reply.code(200).send(ended);
    return void reply.code(202).send({ id, object: 'job', state: 'cancelling' });
  }
}

function sendAnswer(reply: FastifyReply, answer: Answer): void {
  void reply
    .code(answer.status)
    .header('x-penstock-outcome', answer.outcome)
    .type(answer.contentType)
    .send(Buffer.from(answer.body));
}
