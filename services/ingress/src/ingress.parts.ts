import type { Connection, FileStore } from '@penstock/messaging';
import type { Clock, MakeId } from '@penstock/resilience';
import type { HealthBook, PaceBook } from '@penstock/scheduling';
import type { Telemetry } from '@penstock/telemetry';
import type { KeyRing } from './admission/key-ring.js';
import type { AnswerParts } from './http/answer-request.js';
import type { ModelOffer } from './models/model-offer.js';
import type { KeptResponses } from './responses/kept-responses.js';
import type { ReplyDesk } from './replies/reply-desk.js';

/** A public model, as callers may see it. */
export interface ListedModel {
  readonly name: string;
  readonly maxOutputTokens: number;
  readonly offer?: ModelOffer;
}

/** What the ingress's controllers share. Made once, in `start-ingress.ts`. */
export interface IngressParts extends AnswerParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly desk: ReplyDesk;
  readonly keys: KeyRing;
  readonly models: readonly ListedModel[];
  readonly health: HealthBook;
  readonly paces: PaceBook;
  /** A tenant's share against others of its class. */
  readonly weightOf: (tenant: string) => number;
  readonly telemetry: Telemetry;
  /** The largest body of a request. */
  readonly bodyBytes: number;
  readonly responses: KeptResponses;
  readonly files: FileStore;
  /** The largest file that may be uploaded. */
  readonly fileBytes: number;
  /** Digest of the configuration. Undefined: files are not checked while they are uploaded. */
  readonly configuration: string | undefined;
}

/** Under which Nest injects them. */
export const INGRESS = Symbol('ingress');
