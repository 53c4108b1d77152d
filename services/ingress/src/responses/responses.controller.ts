import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { refusal, RefusedError } from '@penstock/contracts';
import { findOutcome } from '@penstock/messaging';
import { endSpan, SPAN } from '@penstock/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readOptions } from '../admission/read-options.js';
import { requireRetention } from '../admission/require-retention.js';
import { answerRequest } from '../http/answer-request.js';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { grant } from '../http/grant.js';
import { traceparentOf } from '../http/request-context.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { cancelJob } from '../jobs/cancel-job.js';
import { findJob } from '../jobs/find-job.js';
import { toSeconds } from '../jobs/job-view.js';
import { markReplayed } from '../replays/mark-replayed.js';
import { submitOnce } from '../replays/submit-once.js';
import { admitJob, parsePublicId, publicId } from '../submission/submit-job.js';
import { readListQuery } from '../batches/read-list-query.js';
import {
  continueFrom,
  noRetention,
  readConversation,
  responseIn,
  type ConversationRequest,
  type Item,
} from './conversation.js';
import { listItems } from './kept-responses.js';
import { readBackground } from './read-background.js';
import { jobOfResponse, responseId, responseOfJob } from './response-id.js';

const NOT_KEPT = 'There is no such response, or it is kept no more.';

/** OpenAI's Responses. One made in the background is a job, by default of the class standard. */
@Controller('v1/responses')
@UseGuards(ApiKeyGuard)
export class ResponsesController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post()
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { tenant } = principalOf(request);
    const asked = request.body instanceof Uint8Array ? readConversation(request.body) : undefined;
    if (!asked) return answerRequest(this.parts, 'openai.responses', request, reply);
    const { items, body } = await this.resume(tenant, asked, request.body as Uint8Array);
    request.body = body;
    const keeps = asked.store && this.parts.keepsAnswers(tenant);
    const background = readBackground(body);
    if (background) {
      requireRetention(this.parts, tenant, 'background');
      const response = await this.submit(request, reply, background);
      if (keeps) await this.parts.responses.keep(tenant, response.id, { input: items });
      return void reply.code(200).send(response);
    }
    const keep = keeps ? this.keeper(tenant, items, asked.previousId) : undefined;
    return answerRequest(this.parts, 'openai.responses', request, reply, undefined, keep);
  }

  /** What the model is given, with the conversation before it. One that is not kept here may be known to the provider. */
  private async resume(tenant: string, asked: ConversationRequest, body: Uint8Array) {
    const { previousId, items } = asked;
    if (previousId === undefined) return { items, body };
    if (!this.parts.keepsAnswers(tenant)) grant(noRetention());
    const kept = await this.parts.responses.find(tenant, previousId);
    if (!kept) return { items, body };
    const response = kept.response ?? ((await this.find(tenant, previousId)) as Item);
    return continueFrom({ ...kept, response }, asked);
  }

  /** Keeps an answer. One that cannot be kept is given all the same, and cannot be gone on from. */
  private keeper(tenant: string, input: readonly Item[], previousId: string | undefined) {
    return async (answer: Uint8Array, streamed: boolean): Promise<void> => {
      const response = responseIn(Buffer.from(answer).toString('utf8'), streamed);
      if (!response) return;
      const whole = { ...response, previous_response_id: previousId ?? null };
      await this.parts.responses
        .keep(tenant, response['id'], { input, response: whole })
        .catch((error: unknown) =>
          this.parts.telemetry.logger.warn({ err: error }, 'a response was not kept'),
        );
    };
  }

  private async submit(request: FastifyRequest, reply: FastifyReply, body: Uint8Array) {
    const { parts } = this;
    const principal = principalOf(request);
    const options = grant(readOptions(request.headers, principal, 'standard', parts.clock.nowMs()));
    const admitted = grant(admitJob(parts, principal, { ...options, api: 'openai.responses' }, body, 'http'));
    const span = parts.tracing.startSpan(SPAN.request, traceparentOf(request), {
      method: 'POST',
      route: '/v1/responses',
    });
    const { idempotencyKey } = options;
    const submission = { ...admitted, sent: body, entrance: 'background', idempotencyKey } as const;
    const submitted = await submitOnce(parts, principal, submission, span);
    endSpan(span, undefined, submitted.ok ? undefined : submitted.refusal.code);
    const { job, sequence, replayed } = grant(submitted);
    markReplayed(reply, replayed);
    return responseOfJob(responseId(publicId(job, sequence)), {
      id: publicId(job, sequence),
      object: 'job',
      state: 'queued',
      model: job.model,
      accepted_at: toSeconds(job.acceptedAtMs),
    });
  }

  @Get(':id')
  async view(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { tenant } = principalOf(request);
    const kept = await this.parts.responses.find(tenant, id);
    return kept?.response ?? this.find(tenant, id);
  }

  @Get(':id/input_items')
  async inputItems(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<object> {
    const page = grant(readListQuery(query, { defaultLimit: 20, maxLimit: 100 }));
    const kept = await this.parts.responses.find(principalOf(request).tenant, id);
    if (!kept) throw new RefusedError(refusal('job_not_found', { message: NOT_KEPT }));
    return listItems(id, kept.input, page);
  }

  /** Forgets a response. The answer of one made in the background goes with its job's result. */
  @Delete(':id')
  async remove(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { tenant } = principalOf(request);
    if (!(await this.parts.responses.find(tenant, id))) {
      throw new RefusedError(refusal('job_not_found', { message: NOT_KEPT }));
    }
    await this.parts.responses.remove(tenant, id);
    return { id, object: 'response', deleted: true };
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
