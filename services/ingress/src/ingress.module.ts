import { Module, type DynamicModule } from '@nestjs/common';
import { AccountController } from './account/account.controller.js';
import { KeyRing } from './admission/key-ring.js';
import { BatchesController } from './batches/batches.controller.js';
import { FilesController } from './files/files.controller.js';
import { ApiKeyGuard } from './http/api-key.guard.js';
import { GeminiController } from './http/gemini.controller.js';
import { InferenceController } from './http/inference.controller.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { MediaController } from './http/media.controller.js';
import { MessagesController } from './http/messages.controller.js';
import { MessageBatchesController } from './message-batches/message-batches.controller.js';
import { ModelsController } from './http/models.controller.js';
import { UsageController } from './http/usage.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { ResponsesController } from './responses/responses.controller.js';
import { INGRESS, type IngressParts } from './ingress.parts.js';

@Module({})
export class IngressModule {
  static with(parts: IngressParts): DynamicModule {
    return {
      module: IngressModule,
      controllers: [
        InferenceController,
        MediaController,
        ResponsesController,
        MessagesController,
        MessageBatchesController,
        GeminiController,
        JobsController,
        FilesController,
        BatchesController,
        DeadLettersController,
        ModelsController,
        UsageController,
        AccountController,
      ],
      providers: [
        { provide: INGRESS, useValue: parts },
        { provide: KeyRing, useValue: parts.keys },
        ApiKeyGuard,
      ],
    };
  }
}
