import { Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { answerRequest } from './answer-request.js';
import { ApiKeyGuard } from './api-key.guard.js';

/** The endpoints at which a caller waits for a model, each in the API its clients speak. */
@Controller()
@UseGuards(ApiKeyGuard)
export class InferenceController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post('v1/chat/completions')
  chat(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return answerRequest(this.parts, 'openai.chat', request, reply);
  }

  @Post('v1/completions')
  completions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return answerRequest(this.parts, 'openai.completions', request, reply);
  }

  @Post('v1/embeddings')
  embeddings(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return answerRequest(this.parts, 'openai.embeddings', request, reply);
  }
}
