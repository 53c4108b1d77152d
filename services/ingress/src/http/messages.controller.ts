import { Controller, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { readCountTokensRequest } from '@penstock/dialects';
import { admitPreset } from '@penstock/transforms';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { requireModel } from '../submission/submit-job.js';
import { answerRequest } from './answer-request.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { grant } from './grant.js';

/** Anthropic's Messages. */
@Controller('v1/messages')
@UseGuards(ApiKeyGuard)
export class MessagesController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post()
  messages(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return answerRequest(this.parts, 'anthropic.messages', request, reply);
  }

  /** Penstock's own estimate, made without a provider: the one that admission and fair shares go by. */
  @Post('count_tokens')
  @HttpCode(200)
  countTokens(@Req() request: FastifyRequest): { readonly input_tokens: number } {
    const { presets } = this.parts.rules;
    const body = request.body as Uint8Array;
    const { summary } = grant(admitPreset(presets, 'anthropic.messages', body, readCountTokensRequest));
    grant(requireModel(this.parts, summary.model));
    return { input_tokens: summary.estimatedInputTokens };
  }
}
