import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from 'nats';
import { STREAM } from '@penstock/contracts';
import type { StorageTerms } from './connection.js';

/** What an installation may choose about its streams, beside the terms of its storage. */
export interface TopologyOptions {
  /** Jobs that may wait in one lane before a publish to it is refused. Default 2,000,000. */
  readonly maxLaneDepth?: number;
}

const GIB = 1024 ** 3;

/** A stream that is over lies in RESULTS; one that runs can be joined with what it sent in this time. */
const RECORDING_TTL_MS = 3_600_000;

/**
 * Every stream, as data. What a field means and what it costs is in docs/subjects.md.
 *
 * The streams of lanes have one consumer a lane, and the server allows 1,000 on a stream unless told otherwise. They are
 * not work queues: at each acknowledgement of one, the server asks every consumer whether it still needs the message.
 * Whoever settles a job removes it (`lease.settle`). Their `republish` is the doorbell by which routers hear which lane
 * has work, whoever published it.
 */
export function streams(
  { replicas, resultTtlMs }: StorageTerms,
  options: TopologyOptions = {},
): (Partial<StreamConfig> & { name: string })[] {
  const lanes = {
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    max_msgs_per_subject: options.maxLaneDepth ?? 2_000_000,
    max_consumers: 100_000,
    duplicate_window: nanos(120_000),
    allow_direct: true,
    num_replicas: replicas,
  };
  return [
    {
      ...lanes,
      name: STREAM.interactive,
      subjects: ['jobs.interactive.*'],
      storage: StorageType.Memory,
      republish: { src: 'jobs.>', dest: 'bell.jobs.>', headers_only: true },
    },
    {
      ...lanes,
      name: STREAM.durable,
      subjects: ['jobs.standard.*', 'jobs.batch.*'],
      storage: StorageType.File,
      republish: { src: 'jobs.>', dest: 'bell.jobs.>', headers_only: true },
    },
    {
      name: STREAM.events,
      subjects: ['events.>'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      // What it dropped to make room would be money that nobody heard of. `EventRoom` stops work before it is full.
      discard: DiscardPolicy.New,
      max_bytes: 8 * GIB,
      duplicate_window: nanos(120_000),
      allow_direct: true,
      num_replicas: replicas,
    },
    {
      name: STREAM.results,
      subjects: ['results.>'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 1,
      max_age: nanos(resultTtlMs),
      allow_msg_ttl: true,
      allow_direct: true,
      num_replicas: replicas,
    },
    {
      name: STREAM.claims,
      subjects: ['claims.>'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 1,
      // Made before its job's result, a claim is gone before it: what it stands for can always be looked up.
      max_age: nanos(resultTtlMs),
      allow_direct: true,
      num_replicas: replicas,
    },
    {
      name: STREAM.recordings,
      subjects: ['recorded.>'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.Memory,
      discard: DiscardPolicy.Old,
      max_bytes: GIB / 4,
      max_age: nanos(RECORDING_TTL_MS),
      allow_direct: true,
      num_replicas: replicas,
    },
    {
      name: STREAM.cache,
      subjects: ['cached.>'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 1,
      max_bytes: GIB,
      max_age: nanos(24 * 3_600_000),
      allow_msg_ttl: true,
      allow_direct: true,
      num_replicas: replicas,
    },
    {
      name: STREAM.running,
      subjects: ['running.>'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 1,
      // Long enough for an installation that was down over night to find what it was doing.
      max_age: nanos(24 * 3_600_000),
      allow_direct: true,
      num_replicas: replicas,
    },
    {
      name: STREAM.deadLetters,
      subjects: ['dead.>'],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      max_bytes: 4 * GIB,
      max_age: nanos(30 * 24 * 3_600_000),
      allow_direct: true,
      num_replicas: replicas,
    },
    {
      name: STREAM.delayed,
      subjects: ['delayed.>'],
      retention: RetentionPolicy.Workqueue,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      max_age: nanos(7 * 24 * 3_600_000),
      allow_msg_schedules: true,
      allow_msg_ttl: true,
      num_replicas: replicas,
    },
  ];
}

/** Buckets of the object store. */
export const BUCKETS = {
  payloads: 'payloads',
  answers: 'answers',
  files: 'files',
  responses: 'responses',
} as const;

export type Bucket = keyof typeof BUCKETS;
