import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import { refusal, RefusedError } from '@penstock/contracts';
import { INGRESS, type IngressParts, type ListedModel } from '../ingress.parts.js';
import { ApiKeyGuard } from './api-key.guard.js';

/** The models a key may use, in OpenAI's shape. */
@Controller('v1/models')
@UseGuards(ApiKeyGuard)
export class ModelsController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Get()
  list() {
    return { object: 'list', data: this.parts.models.map(render) };
  }

  @Get(':id')
  one(@Param('id') id: string) {
    const model = this.parts.models.find(({ name }) => name === id);
    if (!model) throw new RefusedError(refusal('model_not_found', { param: 'model' }));
    return render(model);
  }
}

function render({ name }: ListedModel) {
  return { id: name, object: 'model', created: 0, owned_by: 'penstock' };
}
