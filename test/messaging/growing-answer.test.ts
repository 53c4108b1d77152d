import { createHash } from 'node:crypto';
import type { Job } from '@penstock/contracts';
import {
  ensureTopology,
  findOutcome,
  GrowingAnswer,
  openConnection,
  PART_BYTES,
  settleJob,
  type Connection,
} from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

const CHUNK_BYTES = 64 * 1024;

const JOB: Job = {
  id: 'job_1',
  tenant: 'acme',
  class: 'interactive',
  origin: 'http',
  api: 'openai.chat',
  model: 'small',
  stream: true,
  estimatedInputTokens: 1,
  estimatedOutputTokens: 1,
  acceptedAtMs: 0,
  keepResult: true,
  attempts: [],
};

describe('an answer that is kept while it comes', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  beforeAll(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'growing-answer' });
    await ensureTopology(connection);
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  const grow = async (job: string, bytes: number) => {
    const answer = new GrowingAnswer(connection, systemClock, { tenant: 'acme', job, attempt: `att_${job}` });
    const digest = createHash('sha256');
    let most = 0;
    for (let sent = 0; sent < bytes; sent += CHUNK_BYTES) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, bytes - sent), `${job} ${sent} `);
      digest.update(chunk);
      const room = answer.add(chunk);
      most = Math.max(most, answer.heldBytes);
      if (room) expect(await room).toBe(true);
    }
    return { answer, most, digest: digest.digest('hex') };
  };
  const settle = async (id: string, answer: GrowingAnswer) => {
    const kept = await answer.end();
    if (!kept) throw new Error('It could not be kept.');
    await settleJob(connection, systemClock, {
      job: { ...JOB, id },
      answer: { outcome: 'succeeded', status: 200, contentType: 'text/event-stream', ...kept },
      event: {
        ...{ version: 1, job: id, tenant: 'acme', class: 'interactive', origin: 'http', api: 'openai.chat' },
        ...{ model: 'small', acceptedAtMs: 0, atMs: 1 },
        attempt: {
          ...{ id: `att_${id}`, number: 1, deployment: 'd', provider: 'p', upstreamModel: 'm', worker: 'w' },
          ...{ takenAtMs: 0, dispatchedAtMs: 0, startedAtMs: 0, endedAtMs: 1 },
        },
        outcome: { state: 'succeeded', attempts: 1 },
      },
      frameSequence: 1,
    });
    return kept;
  };
  const digestOf = async (id: string) => {
    const found = await findOutcome(connection, 'acme', id);
    if (found.kind !== 'result') throw new Error(`There is ${found.kind}.`);
    return createHash('sha256').update(found.answer.body).digest('hex');
  };
  const stored = async () => {
    const { state } = await connection.jsm.streams.info('OBJ_answers', { subjects_filter: '$O.answers.C.>' });
    return Object.keys(state.subjects ?? {}).length;
  };

  it.each([
    ['nothing', 0, undefined],
    ['less than a part', PART_BYTES - 1, undefined],
    ['just a part', PART_BYTES, 1],
    ['many parts and a rest', 5 * PART_BYTES + 5, 5],
  ])('comes back whole: %s', async (name, bytes, parts) => {
    const id = `job_${name.replaceAll(' ', '_')}`;
    const { answer, most, digest } = await grow(id, bytes);
    expect(most).toBeLessThanOrEqual(2 * PART_BYTES + CHUNK_BYTES);
    expect((await settle(id, answer)).storedParts).toBe(parts);
    expect(await digestOf(id)).toBe(digest);
  });

  it('outlives a server that is killed while it comes', async () => {
    const id = 'job_outlives';
    const answer = new GrowingAnswer(connection, systemClock, {
      ...{ tenant: 'acme', job: id, attempt: `att_${id}` },
    });
    const part = Buffer.alloc(PART_BYTES, 'a part ');
    await answer.add(part);
    await nats.kill();
    // The part that was on its way is tried again, and until it is stored no other begins.
    const second = answer.add(part);
    await nats.restart();
    expect(await second).toBe(true);
    expect((await settle(id, answer)).storedParts).toBe(2);
    const whole = createHash('sha256').update(part).update(part);
    expect(await digestOf(id)).toBe(whole.digest('hex'));
  });

  it('leaves nothing in the store where it comes to nothing', async () => {
    const before = await stored();
    const { answer } = await grow('job_discarded', 3 * PART_BYTES);
    await answer.discard();
    expect(answer.heldBytes).toBe(0);
    expect(await stored()).toBe(before);
  });
});
