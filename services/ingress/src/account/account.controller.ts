import { Controller, Get, Inject, Query, Req, UseGuards } from '@nestjs/common';
import {
  refusal,
  RefusedError,
  SUBJECT,
  type Generation,
  type Spending,
  type SpendingQuestion,
} from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { parsePublicId } from '../submission/submit-job.js';
import { askService } from '../questions/ask-service.js';
import { periodStarts } from './period-starts.js';
import { recordIds, renderGeneration } from './render-generation.js';

/** What OpenRouter's clients ask about themselves, out of the ledger. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class AccountController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  /** One job, by its own id or the id in its answer. It is on record a second after it ended. */
  @Get('generation')
  async generation(@Req() request: FastifyRequest, @Query('id') id?: string) {
    if (typeof id !== 'string' || id === '') {
      throw new RefusedError(refusal('invalid_request', { param: 'id', message: 'id names a generation.' }));
    }
    const { tenant } = principalOf(request);
    for (const record of recordIds(id)) {
      const question = { tenant, id: parsePublicId(record).id };
      const { generation } = await this.ask<{ generation?: Generation }>(SUBJECT.askGeneration, question);
      if (generation) return { data: renderGeneration(id, generation) };
    }
    const message =
      'There is no such generation, or it is not on record yet: that takes a second after its end.';
    throw new RefusedError(refusal('job_not_found', { param: 'id', message }));
  }

  @Get('key')
  async key(@Req() request: FastifyRequest) {
    const { keyName } = principalOf(request);
    const { totalUsd, dayUsd, weekUsd, monthUsd } = await this.spending(request, keyName);
    return {
      data: {
        label: keyName,
        limit: null,
        limit_remaining: null,
        limit_reset: null,
        usage: Number(totalUsd),
        usage_daily: Number(dayUsd),
        usage_weekly: Number(weekUsd),
        usage_monthly: Number(monthUsd),
        byok_usage: 0,
        byok_usage_daily: 0,
        byok_usage_weekly: 0,
        byok_usage_monthly: 0,
        include_byok_in_limit: false,
        is_free_tier: false,
        is_management_key: false,
      },
    };
  }

  /** Nothing is paid in beforehand, so there is no total to be used up. */
  @Get('credits')
  async credits(@Req() request: FastifyRequest) {
    const { totalUsd } = await this.spending(request);
    return { data: { total_credits: null, total_usage: Number(totalUsd) } };
  }

  private spending(request: FastifyRequest, keyName?: string): Promise<Spending> {
    const question: SpendingQuestion = {
      tenant: principalOf(request).tenant,
      ...periodStarts(this.parts.clock.nowMs()),
      ...(keyName !== undefined && { keyName }),
    };
    return this.ask<Spending>(SUBJECT.askSpending, question);
  }

  private ask<T>(subject: string, question: object): Promise<T> {
    return askService<T>(this.parts.connection, 'accounting', subject, question);
  }
}
