import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  SUBJECT,
  type AskList,
  type AskOne,
  type BatchObject,
  type CreateBatch,
  type Page,
  type Read,
} from '@penstock/contracts';
import { cancelBatch } from '../batches/cancel-batch.js';
import { createBatch } from '../batches/create-batch.js';
import { toPage } from '../batches/page.js';
import { removeBatch } from '../batches/remove-batch.js';
import { renderBatch } from '../batches/render-batch.js';
import type { BatchParts } from '../running/batch-parts.js';
import { RunningBatches } from '../running/running-batches.js';
import { PARTS } from '../tokens.js';
import { answer, found } from './answer.js';

/** The door for questions about batches, over core NATS. Only services of ours may publish there. */
@Controller()
export class BatchesController {
  constructor(
    @Inject(PARTS) private readonly parts: BatchParts,
    private readonly running: RunningBatches,
  ) {}

  @MessagePattern(SUBJECT.createBatch)
  create(@Payload() wanted: CreateBatch): Promise<Read<BatchObject>> {
    return answer(() => createBatch(this.parts, this.running, wanted));
  }

  @MessagePattern(SUBJECT.askBatch)
  one(@Payload() question: AskOne): Promise<Read<BatchObject>> {
    return answer(async () => {
      const batch = await this.parts.store.batch(question);
      return found(batch && renderBatch(batch), 'batch_not_found');
    });
  }

  @MessagePattern(SUBJECT.askBatches)
  list(@Payload() question: AskList): Promise<Read<Page<BatchObject>>> {
    return answer(async () => {
      const batches = await this.parts.store.batches(question);
      return { ok: true, value: toPage(batches, question.limit, renderBatch) };
    });
  }

  @MessagePattern(SUBJECT.cancelBatch)
  cancel(@Payload() question: AskOne): Promise<Read<BatchObject>> {
    return answer(() => cancelBatch(this.parts, this.running, question));
  }

  @MessagePattern(SUBJECT.removeBatch)
  remove(@Payload() question: AskOne): Promise<Read<AskOne>> {
    return answer(() => removeBatch(this.parts, question));
  }
}
