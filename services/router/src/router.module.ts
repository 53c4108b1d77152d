import { Module, type DynamicModule } from '@nestjs/common';
import type { Connection } from '@penstock/messaging';
import { DelayedController } from './retry/delayed.controller.js';
import { CONNECTION } from './router.tokens.js';

@Module({})
export class RouterModule {
  static with(connection: Connection): DynamicModule {
    return {
      module: RouterModule,
      controllers: [DelayedController],
      providers: [{ provide: CONNECTION, useValue: connection }],
    };
  }
}
