import {
  SUBJECT,
  type CreditGrant,
  type RouterHeartbeat,
  type WorkerFigures,
  type WorkerHeartbeat,
} from '@penstock/contracts';
import { listen, sendJson } from '@penstock/messaging';
import { dispatchJobs } from '../dispatch/dispatch-jobs.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { chargeUsed } from '../queue/charge-usage.js';

const HEARTBEAT_MS = 1_000;

/** Between two messages that somebody waits for a slot. */
const URGENT_MS = 3;

export interface Announcement {
  /** Jobs wait that somebody waits for: workers hear of it now, if they do not know. */
  urge(): void;
  drain(): void;
  close(): void;
}

/** Keeps workers told that this router is there and what it wants, and takes in what they grant. */
export function announceRouter(parts: RouterParts): Announcement {
  const { connection, clock, credits, health, queue, router } = parts;
  let draining = false;
  let urging = false;
  /** Jobs without a slot that workers were told of as urgent. */
  let told = 0;

  const beat = () => {
    const urgent = queue.wanted('interactive');
    told = total(urgent);
    const pace = { perSecond: parts.starts.perSecond(clock.nowMs()), waiting: queue.backlog };
    const heartbeat: RouterHeartbeat = { router, wanted: queue.wanted(), urgent, draining, pace };
    sendJson(connection, SUBJECT.capacityRouters, heartbeat);
    credits.prune(clock.nowMs());
    parts.dispatched.prune(clock.nowMs());
  };
  const open = (deployments: readonly string[]) => {
    if (deployments.length === 0) return;
    for (const deployment of deployments) queue.open(deployment);
    dispatchJobs(parts);
  };
  const stops = [
    listen(connection, SUBJECT.capacityGrants(router), (message) => {
      const grant = message.json<CreditGrant>();
      for (const used of grant.used ?? []) chargeUsed(parts, used);
      const { opened, back } = credits.granted(grant, clock.nowMs());
      if (back.length > 0)
        sendJson(connection, SUBJECT.capacityReturns(grant.worker), { router, credits: back });
      open(opened);
    }),
    listen(connection, SUBJECT.capacityWorkers, (message) => {
      const heartbeat = message.json<WorkerHeartbeat>();
      const readUpTo = heartbeat.read && (heartbeat.read[parts.router] ?? 0);
      parts.dispatched.heard(heartbeat, readUpTo, clock.nowMs());
      // Jobs that waited for a deployment which cannot be called any more may have others to go to.
      const turned = health.heard(heartbeat, clock.nowMs());
      open([...credits.heard(heartbeat, clock.nowMs()), ...turned]);
    }),
    listen(connection, SUBJECT.health, (message) =>
      health.told(message.json<WorkerFigures>(), clock.nowMs()),
    ),
    clock.every(HEARTBEAT_MS, beat),
  ];
  connection.onReconnect(beat);
  beat();

  return {
    urge() {
      if (urging) return;
      urging = true;
      clock.after(URGENT_MS, () => {
        urging = false;
        const waiting = total(queue.wanted('interactive'));
        if (waiting > told) beat();
        else told = waiting;
      });
    },
    drain() {
      draining = true;
      beat();
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
