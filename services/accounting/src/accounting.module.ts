import { Module, type DynamicModule } from '@nestjs/common';
import type { AccountingStore } from '@penstock/persistence';
import type { Clock } from '@penstock/resilience';
import type { Telemetry } from '@penstock/telemetry';

import { EventsConsumer } from './events/events.consumer.js';
import { PriceList } from './pricing/price-list.js';
import { QuestionsController } from './questions/questions.controller.js';
import { CLOCK, STORE, TELEMETRY } from './tokens.js';

export interface AccountingParts {
  readonly store: AccountingStore;
  readonly prices: PriceList;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

@Module({})
export class AccountingModule {
  static with({ store, prices, clock, telemetry }: AccountingParts): DynamicModule {
    return {
      module: AccountingModule,
      controllers: [EventsConsumer, QuestionsController],
      providers: [
        { provide: STORE, useValue: store },
        { provide: PriceList, useValue: prices },
        { provide: CLOCK, useValue: clock },
        { provide: TELEMETRY, useValue: telemetry },
      ],
    };
  }
}
