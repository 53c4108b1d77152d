import { JetStreamApiError } from '@nats-io/jetstream';
import type { Connection } from './connection.js';
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

/**
 * Makes every stream that is missing and updates every one that is there, and the installation's seal. Safe to call at any time from any
 * number of processes; called again after a reconnect, because a memory stream dies with its server.
 */
export async function ensureTopology(connection: Connection, options: TopologyOptions = {}): Promise<void> {
  const level = (await connection.jsm.getAccountInfo()).api.level ?? 0;
  if (level < REQUIRED_API_LEVEL) {
    throw new UnfitServerError(
      `nats-server ${connection.nc.info?.version ?? ''} speaks JetStream API level ${level}; Penstock needs ${REQUIRED_API_LEVEL} or more (nats-server 2.12.7 or newer).`,
    );
  }
  for (const config of streams(connection.storage, options)) {
    try {
      await connection.jsm.streams.update(config.name, config);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND) throw error;
      await connection.jsm.streams.add(config);
    }
  }
  await connection.seals.load();
}
