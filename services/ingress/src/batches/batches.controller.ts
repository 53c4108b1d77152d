import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { SUBJECT, type BatchObject, type Page } from '@penstock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readIdempotencyKey } from '../admission/read-idempotency-key.js';
import { readWait } from '../admission/read-wait.js';
import { requireRetention } from '../admission/require-retention.js';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { grant } from '../http/grant.js';
import { whenLeft } from '../http/request-context.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { askService } from '../questions/ask-service.js';
import { fingerprintOf } from '../replays/fingerprint.js';
import { makeOnce } from '../replays/make-once.js';
import { markReplayed } from '../replays/mark-replayed.js';
import { awaitBatch } from './await-batch.js';
import { readBatchRequest } from './read-batch-request.js';
import { readListQuery } from './read-list-query.js';

const LIST = { defaultLimit: 20, maxLimit: 100 };

/** OpenAI's Batch API. The batch service does all of it; here is its door. */
@Controller('v1/batches')
@UseGuards(ApiKeyGuard)
export class BatchesController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post()
  @HttpCode(200)
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchObject> {
    const principal = principalOf(request);
    const { tenant, keyName } = principal;
    requireRetention(this.parts, tenant);
    const idempotencyKey = grant(readIdempotencyKey(request.headers));
    const sent = request.body as Uint8Array;
    const wanted = grant(readBatchRequest(sent));
    const { answer, replayed } = await makeOnce(this.parts, principal, {
      idempotencyKey,
      fingerprint: () => fingerprintOf('batch', 'openai.batches', sent),
      object: { id: this.parts.makeId('batch') },
      make: ({ id }) => this.ask<BatchObject>(request, SUBJECT.createBatch, { ...wanted, id, keyName }),
    });
    markReplayed(reply, replayed);
    return answer;
  }

  @Get()
  list(
    @Req() request: FastifyRequest,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<Page<BatchObject>> {
    return this.ask(request, SUBJECT.askBatches, grant(readListQuery(query, LIST)));
  }

  /** How it stands; with `?wait=` at its end, or when the time is over. */
  @Get(':id')
  one(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Query('wait') wait?: string,
  ): Promise<BatchObject> {
    const waitMs = readWait(wait);
    const ask = () => this.ask<BatchObject>(request, SUBJECT.askBatch, { id });
    if (waitMs === 0) return ask();
    return awaitBatch(this.parts, principalOf(request).tenant, ask, waitMs, whenLeft(reply));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@Req() request: FastifyRequest, @Param('id') id: string): Promise<BatchObject> {
    return this.ask(request, SUBJECT.cancelBatch, { id });
  }

  /** Whoever asks, asks for the key's own tenant. */
  private ask<T>(request: FastifyRequest, subject: string, question: object): Promise<T> {
    const { tenant } = principalOf(request);
    return askService<T>(this.parts.connection, 'batch', subject, { ...question, tenant });
  }
}
