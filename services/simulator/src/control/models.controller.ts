import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';

import type { Simulation } from '../exchange/simulation.js';
import { readModelPatch } from '../models/read-model.js';
import type { SimulatedModel } from '../models/simulated-model.js';
import { SIMULATION } from './simulation-token.js';

/** How the models behave, to read and to change without notice to anybody who is calling them. */
@Controller('_simulator/models')
export class ModelsController {
  constructor(@Inject(SIMULATION) private readonly simulation: Simulation) {}

  @Get()
  list(): { models: SimulatedModel[] } {
    return { models: this.simulation.models.all().map((model) => model.settings) };
  }

  /** Changes what the body names; holds for the next call. Answers with the settings as they now are. */
  @Post(':id')
  @HttpCode(200)
  change(@Param('id') id: string, @Body() body: unknown): SimulatedModel {
    const read = readModelPatch(body ?? {});
    if (!read.ok) throw new BadRequestException(read.problems);
    const model = this.simulation.models.change(id, read.value);
    if (!model) throw new NotFoundException(`There is no model ${id}.`);
    return model.settings;
  }
}
