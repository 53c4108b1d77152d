import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { STREAM } from '@penstock/contracts';
import type { StreamMessage } from '@penstock/messaging';
import type { AccountingStore } from '@penstock/persistence';
import type { Clock } from '@penstock/resilience';
import type { Telemetry } from '@penstock/telemetry';

import { PriceList } from '../pricing/price-list.js';
import { CLOCK, STORE, TELEMETRY } from '../tokens.js';
import { incomingEvents } from './incoming-event.js';
import { recordEvents } from './record-events.js';
import { tellOfRecording } from './tell-of-recording.js';

/** In one transaction. A message may tell of many events. */
const EVENTS_AT_ONCE = 1_000;

/**
 * The door for events: the durable consumer `accounting` of EVENTS, shared by all replicas. Messages are
 * acknowledged when this resolves, which is after the commit; while Postgres is away it rejects, and the same
 * messages are tried again until it is back.
 */
@Controller()
export class EventsConsumer {
  constructor(
    @Inject(STORE) private readonly store: AccountingStore,
    @Inject(PriceList) private readonly prices: PriceList,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  @EventPattern('events.>', { stream: STREAM.events, restMs: 400 })
  async record(@Payload() messages: readonly StreamMessage[]): Promise<void> {
    const incoming = messages.flatMap(incomingEvents);
    for (let from = 0; from < incoming.length; from += EVENTS_AT_ONCE) {
      const startedAtMs = this.clock.nowMs();
      const some = incoming.slice(from, from + EVENTS_AT_ONCE);
      const recorded = await recordEvents(this.store, some, this.prices.priceOf);
      tellOfRecording(this.telemetry, some, recorded, startedAtMs);
    }
  }
}
