import { Readable } from 'node:stream';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import {
  refusal,
  RefusedError,
  SUBJECT,
  type BatchObject,
  type FileContent,
  type FileObject,
  type Page,
} from '@penstock/contracts';
import type { ClaimedObject } from '@penstock/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askService } from '../questions/ask-service.js';
import { readIdempotencyKey } from '../admission/read-idempotency-key.js';
import { requireRetention } from '../admission/require-retention.js';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { grant } from '../http/grant.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { fingerprintOf } from '../replays/fingerprint.js';
import { makeOnce } from '../replays/make-once.js';
import { markReplayed } from '../replays/mark-replayed.js';
import {
  batchOfMessages,
  hasEnded,
  messageBatchId,
  noteRequests,
  renderMessageBatch,
  type MessageBatch,
} from './message-batch.js';
import { countUndone, failedResults, otherResults, succeededResults } from './message-results.js';
import { readMessageBatch, MESSAGES } from './read-message-batch.js';
import { readMessageListQuery } from './read-message-list-query.js';

/** How long a batch has. */
const WINDOW = { completionWindow: '24h', completionWindowMs: 24 * 3_600_000 };

/** Anthropic's Message Batches: the batch service's batches, in their shape. Requests come inline, not as a file. */
@Controller('v1/messages/batches')
@UseGuards(ApiKeyGuard)
export class MessageBatchesController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post()
  @HttpCode(200)
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageBatch> {
    const { files, makeId, routes } = this.parts;
    const principal = principalOf(request);
    requireRetention(this.parts, principal.tenant);
    const idempotencyKey = grant(readIdempotencyKey(request.headers));
    const sent = request.body as Uint8Array;
    const lines = grant(readMessageBatch(routes, principal.tenant, sent));
    const { answer, replayed } = await makeOnce(this.parts, principal, {
      idempotencyKey,
      fingerprint: () => fingerprintOf('message batch', 'anthropic.messages', sent),
      object: async () => {
        const fileId = makeId('file');
        return { id: makeId('batch'), fileId, parts: await files.write(fileId, Readable.from(lines)) };
      },
      make: (object) => this.make(request, object, lines.length),
    });
    markReplayed(reply, replayed);
    return answer;
  }

  private async make(
    request: FastifyRequest,
    { id, fileId, parts }: ClaimedObject,
    requests: number,
  ): Promise<MessageBatch> {
    const file = { id: fileId, filename: `${fileId}.jsonl`, purpose: 'batch', parts };
    await this.ask<FileObject>(request, SUBJECT.registerFile, file);
    const batch = await this.ask<BatchObject>(request, SUBJECT.createBatch, {
      ...WINDOW,
      ...{ id, inputFileId: fileId },
      endpoint: MESSAGES,
      keyName: principalOf(request).keyName,
      metadata: noteRequests(requests),
    });
    return this.render(request, batch);
  }

  @Get()
  async list(@Req() request: FastifyRequest, @Query() query: Readonly<Record<string, unknown>>) {
    const { backwards, ...wanted } = grant(readMessageListQuery(query));
    const page = await this.ask<Page<BatchObject>>(request, SUBJECT.askBatches, wanted);
    const newestFirst = backwards ? [...page.data].reverse() : page.data;
    const data = await Promise.all(newestFirst.map((batch) => this.render(request, batch)));
    return {
      data,
      has_more: page.has_more,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    };
  }

  @Get(':id')
  async one(@Req() request: FastifyRequest, @Param('id') id: string): Promise<MessageBatch> {
    return this.render(request, await this.find(request, id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Req() request: FastifyRequest, @Param('id') id: string): Promise<MessageBatch> {
    const question = { id: (await this.find(request, id)).id };
    return this.render(request, await this.ask(request, SUBJECT.cancelBatch, question));
  }

  @Delete(':id')
  async remove(@Req() request: FastifyRequest, @Param('id') id: string) {
    const question = { id: (await this.find(request, id)).id };
    await this.ask(request, SUBJECT.removeBatch, question);
    return { id, type: 'message_batch_deleted' };
  }

  /** Ends in a broken connection, never in a clean end, when a part cannot be read. */
  @Get(':id/results')
  async results(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
  ): Promise<void> {
    const batch = await this.find(request, id);
    if (!hasEnded(batch)) {
      throw new RefusedError(
        refusal('job_running', { message: 'The batch has not ended. Ask again later.' }),
      );
    }
    const lines = await this.resultsOf(request, batch);
    void reply.type('application/x-jsonl').send(Readable.from(lines, { objectMode: false }));
  }

  private async resultsOf(request: FastifyRequest, batch: BatchObject): Promise<AsyncIterable<string>> {
    if (batch.status === 'failed') {
      const [first] = batch.errors?.data ?? [];
      return failedResults(
        await this.read(request, batch.input_file_id),
        first?.message ?? 'The batch failed.',
      );
    }
    const output = await this.read(request, batch.output_file_id);
    const errors = await this.read(request, batch.error_file_id);
    return both(succeededResults(output), otherResults(errors));
  }

  /** The counts of a batch that was not done to its end are in its error file. */
  private async render(request: FastifyRequest, batch: BatchObject): Promise<MessageBatch> {
    const cutShort = batch.status === 'cancelled' || batch.status === 'expired';
    const undone = cutShort ? await countUndone(await this.read(request, batch.error_file_id)) : 0;
    return renderMessageBatch(batch, `${request.protocol}://${request.host}`, undone);
  }

  /** Batches of other endpoints are not message batches. */
  private async find(request: FastifyRequest, id: string): Promise<BatchObject> {
    const batch = await this.ask<BatchObject>(request, SUBJECT.askBatch, { id: batchOfMessages(id) });
    if (batch.endpoint !== MESSAGES || messageBatchId(batch.id) !== id) {
      throw new RefusedError(refusal('batch_not_found'));
    }
    return batch;
  }

  private async read(request: FastifyRequest, id: string | null): Promise<AsyncIterable<Uint8Array>> {
    if (id === null) return Readable.from([]);
    const { parts } = await this.ask<FileContent>(request, SUBJECT.askFileContent, { id });
    return this.parts.files.read(parts);
  }

  /** Whoever asks, asks for the key's own tenant. */
  private ask<T>(request: FastifyRequest, subject: string, question: object): Promise<T> {
    const { tenant } = principalOf(request);
    return askService<T>(this.parts.connection, 'batch', subject, { ...question, tenant });
  }
}

async function* both<T>(first: AsyncIterable<T>, second: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  yield* first;
  yield* second;
}
