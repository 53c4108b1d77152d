import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  SUBJECT,
  type AskList,
  type AskOne,
  type FileContent,
  type FileDeleted,
  type FileObject,
  type Page,
  type Read,
  type RegisterFile,
} from '@penstock/contracts';
import { toPage } from '../batches/page.js';
import { registerFile } from '../files/register-file.js';
import { removeFile } from '../files/remove-file.js';
import { renderFile } from '../files/render-file.js';
import type { BatchParts } from '../running/batch-parts.js';
import { PARTS } from '../tokens.js';
import { answer, found } from './answer.js';

/** The door for questions about files, over core NATS. Only services of ours may publish there. */
@Controller()
export class FilesController {
  constructor(@Inject(PARTS) private readonly parts: BatchParts) {}

  @MessagePattern(SUBJECT.registerFile)
  register(@Payload() wanted: RegisterFile): Promise<Read<FileObject>> {
    return answer(() => registerFile(this.parts, wanted));
  }

  @MessagePattern(SUBJECT.askFile)
  one(@Payload() question: AskOne): Promise<Read<FileObject>> {
    return answer(async () => {
      const file = await this.parts.store.file(question);
      return found(file && renderFile(file), 'file_not_found');
    });
  }

  @MessagePattern(SUBJECT.askFiles)
  list(@Payload() question: AskList): Promise<Read<Page<FileObject>>> {
    return answer(async () => {
      const files = await this.parts.store.files(question);
      return { ok: true, value: toPage(files, question.limit, renderFile) };
    });
  }

  @MessagePattern(SUBJECT.askFileContent)
  content(@Payload() question: AskOne): Promise<Read<FileContent>> {
    return answer(async () => found(await this.parts.store.file(question), 'file_not_found'));
  }

  @MessagePattern(SUBJECT.removeFile)
  remove(@Payload() question: AskOne): Promise<Read<FileDeleted>> {
    return answer(() => removeFile(this.parts, question));
  }
}
