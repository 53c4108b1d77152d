import { Controller, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import { refusal, RefusedError } from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';
import { INGRESS, type IngressParts, type ListedModel } from '../ingress.parts.js';
import { endpointView } from '../models/endpoint-view.js';
import { apiOfRequest } from './api-of-request.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { renderModel } from '../models/render-model.js';
import { geminiModel } from './gemini.controller.js';

/** The models a key may use: in OpenAI's shape and OpenRouter's, or in Anthropic's or Google's for their clients. */
@Controller('v1/models')
@UseGuards(ApiKeyGuard)
export class ModelsController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Get()
  list(@Req() request: FastifyRequest) {
    const { models } = this.parts;
    switch (apiOfRequest(request)) {
      case 'anthropic.messages':
        return {
          data: models.map(anthropicModel),
          has_more: false,
          first_id: models[0]?.name ?? null,
          last_id: models.at(-1)?.name ?? null,
        };
      case 'gemini.generate':
        return { models: models.map(geminiModel) };
      default:
        return { object: 'list', data: models.map((model) => this.render(model)) };
    }
  }

  @Get(':id')
  one(@Req() request: FastifyRequest, @Param('id') id: string) {
    const model = this.parts.models.find(({ name }) => name === id);
    if (!model) throw new RefusedError(refusal('model_not_found', { param: 'model' }));
    switch (apiOfRequest(request)) {
      case 'anthropic.messages':
        return anthropicModel(model);
      case 'gemini.generate':
        return geminiModel(model);
      default:
        return this.render(model);
    }
  }

  /** The model's deployments: prices, terms, and how they are now. */
  @Get(':id/endpoints')
  endpoints(@Param('id') id: string) {
    const model = this.parts.models.find(({ name }) => name === id);
    if (!model) throw new RefusedError(refusal('model_not_found', { param: 'model' }));
    return { data: this.render(model) };
  }

  private render(model: ListedModel) {
    const { routes, health, clock } = this.parts;
    const endpoints = routes
      .deploymentsOf(model.name)
      .map((deployment) => endpointView(deployment, health.report(deployment.id, clock.nowMs())));
    return { ...renderModel(model), endpoints };
  }
}

function anthropicModel({ name, maxOutputTokens, offer }: ListedModel) {
  return {
    type: 'model',
    id: name,
    display_name: name,
    created_at: '1970-01-01T00:00:00Z',
    lifecycle: 'active',
    line: null,
    capabilities: null,
    max_input_tokens: offer?.contextTokens ?? null,
    max_tokens: maxOutputTokens,
    deprecated_at: null,
    retires_at: null,
  };
}
