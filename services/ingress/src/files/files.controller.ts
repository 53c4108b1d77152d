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
import { SUBJECT, type FileContent, type FileDeleted, type FileObject, type Page } from '@penstock/contracts';
import { lineRules, UploadCheck } from '@penstock/lines';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askService } from '../questions/ask-service.js';
import { readListQuery } from '../batches/read-list-query.js';
import { readIdempotencyKey } from '../admission/read-idempotency-key.js';
import { requireRetention } from '../admission/require-retention.js';
import { ApiKeyGuard, principalOf } from '../http/api-key.guard.js';
import { grant } from '../http/grant.js';
import { INGRESS, type IngressParts } from '../ingress.parts.js';
import { makeOnce } from '../replays/make-once.js';
import { markReplayed } from '../replays/mark-replayed.js';
import { FileFingerprint } from './file-fingerprint.js';
import { uploadFile } from './upload-file.js';

const LIST = { defaultLimit: 1_000, maxLimit: 10_000 };

/**
 * OpenAI's Files API, for batches. The bytes pass through here, between the client and the object store; what is
 * known of a file is the batch service's.
 */
@Controller('v1/files')
@UseGuards(ApiKeyGuard)
export class FilesController {
  constructor(@Inject(INGRESS) private readonly parts: IngressParts) {}

  @Post()
  @HttpCode(200)
  async upload(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileObject> {
    const principal = principalOf(request);
    requireRetention(this.parts, principal.tenant);
    const idempotencyKey = grant(readIdempotencyKey(request.headers));
    const taken = idempotencyKey === undefined ? undefined : new FileFingerprint();
    const { files, makeId, fileBytes } = this.parts;
    const check = uploadCheck(this.parts, principal.tenant);
    const uploaded = await uploadFile({ files, makeId, maxBytes: fileBytes }, request, taken, check);
    const checked = check?.verdict();
    const { id, parts, ...about } = uploaded;
    const { answer, replayed } = await makeOnce(this.parts, principal, {
      idempotencyKey,
      fingerprint: () => taken?.value() ?? '',
      object: { id, parts },
      // Without an answer it may be registered all the same: its bytes are left alone, and go with the bucket's time limit.
      make: (file) =>
        this.ask<FileObject>(request, SUBJECT.registerFile, {
          ...about,
          ...file,
          ...(checked && { checked }),
          filename: about.filename || file.id,
        }),
    });
    markReplayed(reply, replayed);
    return answer;
  }

  @Get()
  list(
    @Req() request: FastifyRequest,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<Page<FileObject>> {
    return this.ask(request, SUBJECT.askFiles, grant(readListQuery(query, LIST)));
  }

  @Get(':id')
  one(@Req() request: FastifyRequest, @Param('id') id: string): Promise<FileObject> {
    return this.ask(request, SUBJECT.askFile, { id });
  }

  @Delete(':id')
  remove(@Req() request: FastifyRequest, @Param('id') id: string): Promise<FileDeleted> {
    return this.ask(request, SUBJECT.removeFile, { id });
  }

  /** Ends in a broken connection, never in a clean end, when a part cannot be read. */
  @Get(':id/content')
  async content(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
  ): Promise<void> {
    const { bytes, parts } = await this.ask<FileContent>(request, SUBJECT.askFileContent, { id });
    void reply
      .header('content-length', bytes)
      .header('content-disposition', `attachment; filename="${id}.jsonl"`)
      .type('application/octet-stream')
      .send(Readable.from(this.parts.files.read(parts), { objectMode: false }));
  }

  /** Whoever asks, asks for the key's own tenant. */
  private ask<T>(request: FastifyRequest, subject: string, question: object): Promise<T> {
    const { tenant } = principalOf(request);
    return askService<T>(this.parts.connection, 'batch', subject, { ...question, tenant });
  }
}

function uploadCheck(parts: IngressParts, tenant: string): UploadCheck | undefined {
  const { configuration, connection, routes, rules } = parts;
  if (configuration === undefined) return undefined;
  return new UploadCheck({
    configuration,
    rulesFor: (endpoint) => lineRules({ routes, rules }, tenant, endpoint),
    turn: () => connection.spareTime.turn(),
  });
}
