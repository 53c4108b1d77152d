import type { QueuedJob, RoutePlan } from '@penstock/scheduling';
import type { Span } from '@penstock/telemetry';

/** A job this router holds under lease: all it needs to hand it on. */
export interface HeldJob extends QueuedJob {
  readonly plan: RoutePlan;
  readonly body: Uint8Array;
  readonly ackSubject: string;
  readonly deliveries: number;
  /** It is not stored yet: its lease is to come, and it may run in this process only. */
  readonly early?: boolean;
  /** It may have been run before. */
  readonly suspect: boolean;
  readonly span: Span;
  /** When it came into this router's hands. */
  readonly heldSinceMs: number;
}
