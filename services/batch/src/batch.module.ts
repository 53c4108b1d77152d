import { Module, type DynamicModule } from '@nestjs/common';
import { BatchesController } from './questions/batches.controller.js';
import { FilesController } from './questions/files.controller.js';
import type { BatchParts } from './running/batch-parts.js';
import { RunningBatches } from './running/running-batches.js';
import { PARTS } from './tokens.js';

@Module({})
export class BatchModule {
  static with(parts: BatchParts, running: RunningBatches): DynamicModule {
    return {
      module: BatchModule,
      controllers: [FilesController, BatchesController],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: RunningBatches, useValue: running },
      ],
    };
  }
}
