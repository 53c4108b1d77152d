import { JetStreamApiError } from '@nats-io/jetstream';
import type { Connection } from './connection.js';
import { carryRetired, withdrawRetired } from './retired-streams.js';
import { streams, type TopologyOptions } from './topology.js';

/**
 * The lowest JetStream API level that has all we use: per-message TTL (1), message schedules (2).
 * Older servers accept the fields and ignore them, so they must be asked.
 */
export const REQUIRED_API_LEVEL = 2;

const STREAM_NOT_FOUND = 10059;

/** The server will never do, however long one waits for it. */
export class UnfitServerError extends Error {
  override readonly name = 'UnfitServerError';
}

export interface Topology {
  /** Jobs of an earlier build that have to wait for room in their lanes: call again. Almost always 0. */
  readonly leftBehind: number;
}

/**
 * Makes every stream that is missing and updates every one that is there, and the installation's seal, and carries over
 * what an earlier build kept elsewhere. Safe to call at any time from any number of processes; called again after a
 * reconnect, because a memory stream dies with its server.
 */
export async function ensureTopology(
  connection: Connection,
  options: TopologyOptions = {},
): Promise<Topology> {
  const level = (await connection.jsm.getAccountInfo()).api.level ?? 0;
  if (level < REQUIRED_API_LEVEL) {
    throw new UnfitServerError(
      `nats-server ${connection.nc.info?.version ?? ''} speaks JetStream API level ${level}; Penstock needs ${REQUIRED_API_LEVEL} or more (nats-server 2.12.7 or newer).`,
    );
  }
  const retired = await withdrawRetired(connection);
  for (const config of streams(connection.storage, options)) {
    try {
      await connection.jsm.streams.update(config.name, config);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND) throw error;
      await connection.jsm.streams.add(config);
    }
  }
  await connection.seals.load();
  let leftBehind = 0;
  for (const name of retired) leftBehind += await carryRetired(connection, name);
  return { leftBehind };
}
