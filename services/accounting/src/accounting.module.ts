import { Module, type DynamicModule } from '@nestjs/common';
import type { AccountingStore } from '@penstock/persistence';

import { EventsConsumer } from './events/events.consumer.js';
import { PriceList } from './pricing/price-list.js';
import { QuestionsController } from './questions/questions.controller.js';
import { STORE } from './tokens.js';

@Module({})
export class AccountingModule {
  static with(store: AccountingStore, prices: PriceList): DynamicModule {
    return {
      module: AccountingModule,
      controllers: [EventsConsumer, QuestionsController],
      providers: [
        { provide: STORE, useValue: store },
        { provide: PriceList, useValue: prices },
      ],
    };
  }
}
