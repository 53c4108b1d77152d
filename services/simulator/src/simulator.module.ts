import { Module, type DynamicModule } from '@nestjs/common';

import { HealthController } from './control/health.controller.js';
import { LedgerController } from './control/ledger.controller.js';
import { ModelsController } from './control/models.controller.js';
import { SIMULATION } from './control/simulation-token.js';
import type { Simulation } from './exchange/simulation.js';

/** The simulator's control endpoints. What it simulates is served beneath Nest: see `provider-routes.ts`. */
@Module({})
export class SimulatorModule {
  static of(simulation: Simulation): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [HealthController, LedgerController, ModelsController],
      providers: [{ provide: SIMULATION, useValue: simulation }],
    };
  }
}
