import {
  claimAddress,
  dropClaim,
  ensureTopology,
  findClaim,
  noteAnswer,
  openConnection,
  placeClaim,
  type Connection,
  type ObjectClaim,
} from '@penstock/messaging';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

let nats: TestNatsServer;
let connection: Connection;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await openConnection({ url: nats.url, name: 'test' });
  await ensureTopology(connection);
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

describe('the claim of an object', () => {
  const ANSWER = { id: 'batch_1', object: 'batch' };
  const claimed = {
    object: { id: 'batch_1', fileId: 'file_1', parts: [{ name: 'file_1.0', bytes: 12 }] },
    fingerprint: 'one request',
    claimedAtMs: 1_000,
  };
  let keys = 0;
  const placed = async (): Promise<{ address: ReturnType<typeof claimAddress>; claim: ObjectClaim }> => {
    const address = claimAddress('acme', 'default', `key ${keys++}`);
    const placement = await placeClaim(connection, address, claimed);
    if (placement.kind !== 'placed') throw new Error(placement.kind);
    return { address, claim: placement.claim };
  };

  it('is placed once, and found as it was placed', async () => {
    const { address, claim } = await placed();
    expect((await placeClaim(connection, address, claimed)).kind).toBe('taken');
    expect(await findClaim(connection, address)).toEqual(claim);
  });

  it('has its answer from when it is noted on', async () => {
    const { address, claim } = await placed();
    await noteAnswer(connection, address, claim, ANSWER);
    expect(await findClaim(connection, address)).toMatchObject({ ...claimed, answer: ANSWER });
    await noteAnswer(connection, address, claim, { another: 'answer' });
    expect(await findClaim(connection, address)).toMatchObject({ answer: ANSWER });
  });

  it('is dropped so that the key is as good as unused, but not when its answer was noted', async () => {
    const { address, claim } = await placed();
    await dropClaim(connection, claim);
    await dropClaim(connection, claim);
    expect(await findClaim(connection, address)).toBeUndefined();
    expect((await placeClaim(connection, address, claimed)).kind).toBe('placed');

    const made = await placed();
    await noteAnswer(connection, made.address, made.claim, ANSWER);
    await dropClaim(connection, made.claim);
    expect(await findClaim(connection, made.address)).toMatchObject({ answer: ANSWER });
  });

  it('is there again when what it stands for was made after it was dropped', async () => {
    const { address, claim } = await placed();
    await dropClaim(connection, claim);
    await noteAnswer(connection, address, claim, ANSWER);
    expect(await findClaim(connection, address)).toMatchObject({ ...claimed, answer: ANSWER });
  });
});
