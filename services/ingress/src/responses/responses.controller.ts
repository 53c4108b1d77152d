import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { refusal, RefusedError } from '@penstock/contracts';
import { findOutcome } from '@penstock/messaging';
import { endSpan, SPAN } from '@penstock/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readOptions } from '../admission/read-options.js';
import { answerRequest } from '../http/answer-request.js';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { grant } from '../http/grant.js';
import { traceparentOf } from '../http/request-context.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { cancelJob } from '../jobs/cancel-job.js';
import { findJob } from '../jobs/find-job.js';
import { toSeconds } from '../jobs/job-view.js';
import { submitOnce } from '../replays/submit-once.js';
import { admitJob, parsePublicId, publicId } from '../submission/submit-job.js';
import { readBackground } from './read-background.js';
import { jobOfResponse, responseId, responseOfJob } from './response-id.js';

/** OpenAI's Responses. One made in the background is a job, by default of the class standard. */
@Controller('v1/responses')
@UseGuards(ApiKeyGuard)
export class ResponsesController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post()
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const background = request.body instanceof Uint8Array ? readBackground(request.body) : undefined;
    if (!background) return answerRequest(this.parts, 'openai.responses', request, reply);
    void reply.code(200).send(await this.submit(request, background));
  }

  private async submit(request: FastifyRequest, body: Uint8Array) {
    const { parts } = this;
    const principal = principalOf(request);
    const options = grant(readOptions(request.headers, principal, 'standard', parts.clock.nowMs()));
    const admitted = grant(admitJob(parts, principal, { ...options, api: 'openai.responses' }, body, 'http'));
    const span = parts.tracing.startSpan(SPAN.request, traceparentOf(request), {
      method: 'POST',
      route: '/v1/responses',
    });
    const { idempotencyKey } = options;
    const submission = { job: admitted, body, entrance: 'background', idempotencyKey } as const;
    const submitted = await submitOnce(parts, principal, submission, span);
    endSpan(span, undefined, submitted.ok ? undefined : submitted.refusal.code);
    const { job, sequence } = grant(submitted);
    return responseOfJob(responseId(publicId(job, sequence)), {
      id: publicId(job, sequence),
      object: 'job',
      state: 'queued',
      model: job.model,
      accepted_at: toSeconds(job.acceptedAtMs),
    });
  }

  /** Only what was made in the background is kept. */
  @Get(':id')
  view(@Req() request: FastifyRequest, @Param('id') id: string) {
    return this.find(principalOf(request).tenant, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Req() request: FastifyRequest, @Param('id') id: string) {
    const { tenant } = principalOf(request);
    const ended = grant(await cancelJob(this.parts, tenant, jobOfResponse(id)));
    const found = await this.find(tenant, id);
    // Being cancelled is not seen from outside: nobody takes the answer up any more.
    return ended ? found : { ...found, status: 'cancelled' };
  }

  private async find(tenant: string, id: string): Promise<object> {
    const job = jobOfResponse(id);
    const view = grant(await findJob(this.parts.connection, tenant, job));
    if (view.state !== 'succeeded') return responseOfJob(id, view);
    const found = await findOutcome(this.parts.connection, tenant, parsePublicId(job).id);
    if (found.kind !== 'result' || found.event.api !== 'openai.responses')
      throw new RefusedError(refusal('job_not_found'));
    const response = JSON.parse(Buffer.from(found.answer.body).toString('utf8')) as object;
    return { ...response, id, background: true };
  }
}
