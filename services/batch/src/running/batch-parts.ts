import { FILE_LIMITS, type FileLimits, type LineRuleSources } from '@penstock/lines';
import type { Connection, FileStore } from '@penstock/messaging';
import type { BatchStore } from '@penstock/persistence';
import type { Clock, MakeId } from '@penstock/resilience';
import type { Telemetry } from '@penstock/telemetry';
import type { RunPolicy } from './next-step.js';

/** What running a batch needs from outside. */
export interface BatchParts extends LineRuleSources {
  readonly connection: Connection;
  readonly store: BatchStore;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** This process, as the owner of the batches it runs. */
  readonly owner: string;
  readonly telemetry: Pick<Telemetry, 'metrics'>;
  readonly limits: BatchLimits;
  /** What lines are held against; what was held against the same is not checked again. Undefined: all is checked here. */
  readonly configuration: string | undefined;
  readonly policy: RunPolicy;
  /** Told of what went wrong and will be tried again. `doing` says what it was. */
  readonly onError: (error: unknown, doing: string) => void;
}

export interface BatchLimits extends FileLimits {
  /** Bytes of a file. Default 200 MiB. */
  readonly maxFileBytes: number;
}

export const DEFAULT_LIMITS: BatchLimits = { ...FILE_LIMITS, maxFileBytes: 200 * 1024 ** 2 };
