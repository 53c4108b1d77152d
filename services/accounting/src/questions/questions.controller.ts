import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  SUBJECT,
  type GenerationAnswer,
  type OutcomeAnswer,
  type SpendingAnswer,
  type UsageAnswer,
} from '@penstock/contracts';
import type { AccountingStore } from '@penstock/persistence';

import { STORE } from '../tokens.js';
import { answerGeneration } from './answer-generation.js';
import { answerOutcome } from './answer-outcome.js';
import { answerSpending } from './answer-spending.js';
import { answerUsage } from './answer-usage.js';

/** The door for questions over core NATS: JSON in, JSON out. */
@Controller()
export class QuestionsController {
  constructor(@Inject(STORE) private readonly store: AccountingStore) {}

  @MessagePattern(SUBJECT.askUsage)
  usage(@Payload() question: unknown): Promise<UsageAnswer> {
    return answerUsage(this.store, question);
  }

  @MessagePattern(SUBJECT.askOutcome)
  outcome(@Payload() question: unknown): Promise<OutcomeAnswer> {
    return answerOutcome(this.store, question);
  }

  @MessagePattern(SUBJECT.askGeneration)
  generation(@Payload() question: unknown): Promise<GenerationAnswer> {
    return answerGeneration(this.store, question);
  }

  @MessagePattern(SUBJECT.askSpending)
  spending(@Payload() question: unknown): Promise<SpendingAnswer> {
    return answerSpending(this.store, question);
  }
}
