import type { Api, Read, RequestSummary } from '@penstock/contracts';
import type { Connection, FileStore } from '@penstock/messaging';
import type { BatchStore } from '@penstock/persistence';
import type { Clock, MakeId } from '@penstock/resilience';
import type { RouteCatalogue } from '@penstock/scheduling';
import type { Telemetry } from '@penstock/telemetry';
import type { RuleBook } from '@penstock/transforms';
import type { LineRoom } from '../lines/kept-lines.js';
import type { RunPolicy } from './next-step.js';

/** What running a batch needs from outside. */
export interface BatchParts {
  readonly connection: Connection;
  readonly store: BatchStore;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** This process, as the owner of the batches it runs. */
  readonly owner: string;
  readonly telemetry: Pick<Telemetry, 'metrics'>;
  readonly readRequest: (api: Api, body: Uint8Array) => Read<RequestSummary>;
  /** The models and deployments that a line's route is read against. */
  readonly routes: RouteCatalogue;
  /** The presets that lines may name, and whose conversations are trimmed. */
  readonly rules: RuleBook;
  readonly limits: BatchLimits;
  /** Where lines wait that were checked. */
  readonly lineRoom: LineRoom;
  readonly policy: RunPolicy;
  /** Told of what went wrong and will be tried again. `doing` says what it was. */
  readonly onError: (error: unknown, doing: string) => void;
}

export interface BatchLimits {
  /** Lines of a file. Default 50,000. */
  readonly maxLines: number;
  /** Bytes of a file. Default 200 MiB. */
  readonly maxFileBytes: number;
  /** Bytes of a line: what a message can carry, less its headers. */
  readonly maxLineBytes: number;
  /** Problems told of one file. Default 100. */
  readonly maxProblems: number;
}

export const DEFAULT_LIMITS: BatchLimits = {
  maxLines: 50_000,
  maxFileBytes: 200 * 1024 ** 2,
  maxLineBytes: 1024 ** 2 - 16 * 1024,
  maxProblems: 100,
};
