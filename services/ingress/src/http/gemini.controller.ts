import { Controller, Get, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { refusal, RefusedError } from '@penstock/contracts';
import { readCountedRequest, readRequest } from '@penstock/dialects';
import { admitPreset } from '@penstock/transforms';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { INGRESS, type IngressParts, type ListedModel } from '../ingress.parts.js';
import { requireModel } from '../submission/submit-job.js';
import { answerRequest } from './answer-request.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { grant } from './grant.js';

const METHODS = ['generateContent', 'streamGenerateContent', 'countTokens'] as const;
type Method = (typeof METHODS)[number];

const API = 'gemini.generate';

/** Gemini's API: the model and the method stand in the URL, `models/<model>:<method>`. */
@Controller()
@UseGuards(ApiKeyGuard)
export class GeminiController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Get('v1beta/models')
  list() {
    return { models: this.parts.models.map(geminiModel) };
  }

  @Get('v1beta/models/*')
  one(@Req() request: FastifyRequest) {
    const model = this.parts.models.find(({ name }) => name === resourceOf(request));
    if (!model) throw new RefusedError(refusal('model_not_found'));
    return geminiModel(model);
  }

  /** Google's own client asks here, unless told another version. */
  @Post('v1/models/*')
  callStable(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.call(request, reply);
  }

  @Post('v1beta/models/*')
  async call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [, model, method] = /^(.+):(\w+)$/.exec(resourceOf(request)) ?? [];
    if (model === undefined || !isMethod(method)) {
      const message = `There are ${METHODS.map((name) => `models/<model>:${name}`).join(', ')}.`;
      throw new RefusedError(refusal('route_not_found', { message }));
    }
    if (method === 'countTokens') return void reply.code(200).send(this.countTokens(request, model));
    const stream = method === 'streamGenerateContent';
    if (stream && queryOf(request).get('alt') !== 'sse') {
      throw new RefusedError(
        refusal('invalid_request', {
          param: 'alt',
          message: 'Streams are server-sent events: add ?alt=sse.',
        }),
      );
    }
    return answerRequest(this.parts, API, request, reply, { model, stream });
  }

  /** Penstock's own estimate, made without a provider: the one that admission and fair shares go by. */
  private countTokens(request: FastifyRequest, model: string): { readonly totalTokens: number } {
    const counted = grant(readCountedRequest(request.body as Uint8Array));
    const { summary } = grant(
      admitPreset(this.parts.rules.presets, API, counted, (body, named = model) =>
        readRequest(API, body, { model: named }),
      ),
    );
    grant(requireModel(this.parts, summary.model));
    return { totalTokens: summary.estimatedInputTokens };
  }
}

function isMethod(name: string | undefined): name is Method {
  return METHODS.some((method) => method === name);
}

/** What stands in the URL after `models/`. */
function resourceOf(request: FastifyRequest): string {
  const path = request.url.split('?')[0] ?? '';
  const name = path.slice(path.indexOf('/models/') + '/models/'.length);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?')[1]);
}

export function geminiModel({ name, maxOutputTokens }: ListedModel) {
  return {
    name: `models/${name}`,
    displayName: name,
    outputTokenLimit: maxOutputTokens,
    supportedGenerationMethods: METHODS,
  };
}
