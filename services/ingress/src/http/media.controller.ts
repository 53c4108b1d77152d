import { Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { isForm, refusal, RefusedError, type Api } from '@penstock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { answerRequest } from './answer-request.js';
import { ApiKeyGuard } from './api-key.guard.js';

/** OpenAI's endpoints for pictures, sound and moderation. They are passed through to providers that speak them. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class MediaController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post('moderations')
  moderations(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return answerRequest(this.parts, 'openai.moderations', request, reply);
  }

  @Post('images/generations')
  generations(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return answerRequest(this.parts, 'openai.images.generations', request, reply);
  }

  @Post('images/edits')
  edits(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answerForm('openai.images.edits', request, reply);
  }

  @Post('audio/speech')
  speech(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return answerRequest(this.parts, 'openai.audio.speech', request, reply);
  }

  @Post('audio/transcriptions')
  transcriptions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answerForm('openai.audio.transcriptions', request, reply);
  }

  @Post('audio/translations')
  translations(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answerForm('openai.audio.translations', request, reply);
  }

  /** A form is passed on as it came, so it is read as bytes, which the form parser has left where they are. */
  private async answerForm(api: Api, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const contentType = request.headers['content-type'];
    if (!isForm(contentType)) return answerRequest(this.parts, api, request, reply);
    request.body = await readBytes(request, this.parts.bodyBytes);
    return answerRequest(this.parts, api, request, reply, { contentType });
  }
}

async function readBytes(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request.raw as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxBytes) throw new RefusedError(refusal('body_too_large'));
  }
  return Buffer.concat(pieces, bytes);
}
