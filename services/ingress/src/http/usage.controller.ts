import { Controller, Get, Inject, Query, Req, UseGuards } from '@nestjs/common';
import { refusal, RefusedError, SUBJECT, type UsageQuestion, type UsageRow } from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';
import { askService } from '../questions/ask-service.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { ApiKeyGuard, principalOf } from './api-key.guard.js';

const DAY_MS = 86_400_000;

/** What a tenant used, out of the ledger, by model and day. */
@Controller('v1/usage')
@UseGuards(ApiKeyGuard)
export class UsageController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  /** `from` and `to` are days (`YYYY-MM-DD`, UTC, both included); default the last 30. */
  @Get()
  async usage(
    @Req() request: FastifyRequest,
    @Query('from') from?: string,
    @Query('to') to?: string,
    @Query('model') model?: string,
  ): Promise<{ readonly object: 'list'; readonly data: readonly UsageRow[] }> {
    const today = Math.floor(this.parts.clock.nowMs() / DAY_MS) * DAY_MS;
    const lastDay = to === undefined ? today : readDay(to, 'to');
    const question: UsageQuestion = {
      tenant: principalOf(request).tenant,
      fromMs: from === undefined ? lastDay - 29 * DAY_MS : readDay(from, 'from'),
      toMs: lastDay + DAY_MS,
      ...(model !== undefined && { model }),
    };
    const { rows } = await askService<{ rows: readonly UsageRow[] }>(
      this.parts.connection,
      'accounting',
      SUBJECT.askUsage,
      question,
    );
    return { object: 'list', data: rows };
  }
}

function readDay(text: string, param: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms))
    throw new RefusedError(
      refusal('invalid_request', { param, message: `${param} is a day like 2026-11-22.` }),
    );
  return ms;
}
