import { STREAM } from '@penstock/contracts';
import { ensureTopology, openConnection, StreamLog, tell, type Connection } from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

import { KEEP_EVENTS_MS, trimEvents } from '../../services/accounting/src/trimming/trim-events.js';
import { jobEvent } from './job-event.js';

let nats: TestNatsServer;
let connection: Connection;
let log: StreamLog;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await openConnection({ url: nats.url, name: 'trim' });
  await ensureTopology(connection);
  log = new StreamLog(connection, STREAM.events);
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

/** Takes `count` messages for a durable consumer, and acknowledges them. */
async function consume(durable: string, count: number): Promise<void> {
  const consumer = await connection.js.consumers.get(STREAM.events, durable);
  const messages = await consumer.fetch({ max_messages: count, expires: 5_000 });
  for await (const message of messages) await message.ackAck();
}

const addConsumer = (durable: string, subject: string) =>
  connection.jsm.consumers.add(STREAM.events, {
    durable_name: durable,
    filter_subject: subject,
    ack_policy: 'explicit',
  });

const LATER_MS = KEEP_EVENTS_MS + 60_000;

const stored = async () => (await connection.jsm.streams.info(STREAM.events)).state.messages;

it('trims EVENTS behind the slowest durable consumer, and nothing young', async () => {
  for (let i = 0; i < 10; i++) await tell(connection, systemClock, jobEvent(`job_${i}`));
  await tell(connection, systemClock, jobEvent('job_other', { tenant: 'other' }));
  const now = systemClock.nowMs();

  expect(await trimEvents(log, now + LATER_MS)).toBe(0);
  expect(await stored()).toBe(11);

  await addConsumer('accounting', 'events.>');
  await addConsumer('feed', 'events.acme.>');
  expect(await log.unsettledBy('feed')).toBe(10);
  await consume('feed', 10);
  expect(await trimEvents(log, now + LATER_MS)).toBe(0);

  await consume('accounting', 4);
  expect(await trimEvents(log, now)).toBe(0);
  expect(await trimEvents(log, now + LATER_MS)).toBe(4);
  expect(await stored()).toBe(7);

  // The feed has had all that is for it, though the last message is not: it does not hold the others up.
  await consume('accounting', 7);
  expect(await trimEvents(log, now + LATER_MS)).toBe(7);
  expect(await stored()).toBe(0);
  expect(await trimEvents(log, now + LATER_MS)).toBe(0);
});

it('finds the first message since an instant', async () => {
  const before = systemClock.nowMs() - 1;
  await tell(connection, systemClock, jobEvent('job_last'));
  const last = await log.lastSequence();
  expect(await log.firstSequenceSince(before)).toBe(last);
  expect(await log.firstSequenceSince(systemClock.nowMs() + 60_000)).toBeUndefined();
});
