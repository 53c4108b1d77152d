import { Column, Entity, PrimaryColumn } from 'typeorm';

import { instant, integer, nullable, text } from './columns.js';

/** How a job ended. The first outcome told is the outcome; the primary key keeps any other away. */
@Entity({ name: 'job_outcome' })
export class JobOutcome {
  @PrimaryColumn(text('tenant'))
  tenant!: string;

  @PrimaryColumn(text('job'))
  job!: string;

  @Column(text('state'))
  state!: string;

  @Column(integer('attempts'))
  attempts!: number;

  @Column(nullable(text('error_code')))
  errorCode!: string | null;

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

  @Column(instant('accepted_at'))
  acceptedAt!: Date;

  @Column(instant('ended_at'))
  endedAt!: Date;

  @Column(nullable(text('trace_id')))
  traceId!: string | null;

  /** Set by Postgres. */
  @Column(instant('recorded_at', { default: () => 'now()', insert: false }))
  recordedAt?: Date;
}
