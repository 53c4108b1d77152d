import { Column, PrimaryColumn } from 'typeorm';

import { instant, integer, nullable, text } from './columns.js';

/** What is remembered of every attempt, charged for or not. */
export abstract class AttemptColumns {
  @PrimaryColumn(text('attempt_id'))
  attemptId!: string;

  @Column(integer('attempt_number'))
  attemptNumber!: number;

  @Column(text('tenant'))
  tenant!: string;

  @Column(text('job'))
  job!: string;

  @Column(text('class'))
  class!: string;

  @Column(text('origin'))
  origin!: string;

  @Column(text('api'))
  api!: string;

  @Column(text('model'))
  model!: string;

  @Column(nullable(text('key_name')))
  keyName!: string | null;

  @Column(text('deployment'))
  deployment!: string;

  @Column(text('provider'))
  provider!: string;

  @Column(text('upstream_model'))
  upstreamModel!: string;

  @Column(nullable(text('upstream_id')))
  upstreamId!: string | null;

  @Column(text('worker'))
  worker!: string;

  @Column(instant('started_at'))
  startedAt!: Date;

  @Column(nullable(instant('first_byte_at')))
  firstByteAt!: Date | null;

  @Column(instant('ended_at'))
  endedAt!: Date;

  @Column(nullable(text('failure_reason')))
  failureReason!: string | null;

  @Column(nullable(integer('failure_status')))
  failureStatus!: number | null;

  @Column(nullable(text('trace_id')))
  traceId!: string | null;

  /** Set by Postgres. */
  @Column(instant('recorded_at', { default: () => 'now()', insert: false }))
  recordedAt?: Date;
}
