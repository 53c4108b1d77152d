import { Column, PrimaryColumn } from 'typeorm';

import { instant, integer, text } from './columns.js';

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

  @Column(text('key_name', { nullable: true }))
  keyName!: string | null;

  @Column(text('deployment'))
  deployment!: string;

  @Column(text('provider'))
  provider!: string;

  @Column(text('upstream_model'))
  upstreamModel!: string;

  @Column(text('upstream_id', { nullable: true }))
  upstreamId!: string | null;

  @Column(text('worker'))
  worker!: string;

  @Column(instant('started_at'))
  startedAt!: Date;

  @Column(instant('first_byte_at', { nullable: true }))
  firstByteAt!: Date | null;

  @Column(instant('ended_at'))
  endedAt!: Date;

  @Column(text('failure_reason', { nullable: true }))
  failureReason!: string | null;

  @Column(integer('failure_status', { nullable: true }))
  failureStatus!: number | null;

  @Column(text('trace_id', { nullable: true }))
  traceId!: string | null;

  /** Set by Postgres. */
  @Column(instant('recorded_at', { default: () => 'now()', insert: false }))
  recordedAt?: Date;
}
