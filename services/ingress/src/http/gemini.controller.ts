import { Controller, Get, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { refusal, RefusedError } from '@penstock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { INGRESS, type IngressParts, type ListedModel } from '../ingress.parts.js';
import { answerRequest } from './answer-request.js';
import { ApiKeyGuard } from './api-key.guard.js';

/** Gemini's API: the model and the method stand in the URL, `models/<model>:<method>`. */
@Controller('v1beta/models')
@UseGuards(ApiKeyGuard)
export class GeminiController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Get()
  list() {
    return { models: this.parts.models.map(render) };
  }

  @Get('*')
  one(@Req() request: FastifyRequest) {
    const model = this.parts.models.find(({ name }) => name === resourceOf(request));
    if (!model) throw new RefusedError(refusal('model_not_found'));
    return render(model);
  }

  @Post('*')
  call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [, model, method] = /^(.+):(\w+)$/.exec(resourceOf(request)) ?? [];
    if (model === undefined || (method !== 'generateContent' && method !== 'streamGenerateContent')) {
      throw new RefusedError(
        refusal('route_not_found', {
          message: 'There are models/<model>:generateContent and models/<model>:streamGenerateContent.',
        }),
      );
    }
    const stream = method === 'streamGenerateContent';
    if (stream && queryOf(request).get('alt') !== 'sse') {
      throw new RefusedError(
        refusal('invalid_request', {
          param: 'alt',
          message: 'Streams are server-sent events: add ?alt=sse.',
        }),
      );
    }
    return answerRequest(this.parts, 'gemini.generate', request, reply, { model, stream });
  }
}

/** What stands in the URL after `models/`. */
function resourceOf(request: FastifyRequest): string {
  const path = request.url.split('?')[0] ?? '';
  const name = path.slice('/v1beta/models/'.length);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?')[1]);
}

function render({ name, maxOutputTokens }: ListedModel) {
  return {
    name: `models/${name}`,
    displayName: name,
    outputTokenLimit: maxOutputTokens,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
  };
}
