import { Column, Entity, PrimaryColumn } from 'typeorm';

import { bytes, count, instant, text } from './columns.js';

/**
 * An event that could not be turned into rows: unreadable, of a version this build does not know, or of a
 * deployment without a price. It is kept as it came, and tried again when the service starts.
 */
@Entity({ name: 'parked_event' })
export class ParkedEvent {
  @PrimaryColumn(count('stream_sequence'))
  streamSequence!: number;

  /** Tells apart two events of the same sequence, should the stream have been made anew. */
  @PrimaryColumn(text('subject'))
  subject!: string;

  @Column(text('reason'))
  reason!: string;

  @Column(text('detail'))
  detail!: string;

  @Column(bytes('body'))
  body!: Buffer;

  /** Set by Postgres. */
  @Column(instant('parked_at', { default: () => 'now()', insert: false }))
  parkedAt?: Date;
}
