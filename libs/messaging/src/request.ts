import type { Connection } from './connection.js';

/**
 * Asks a service a question over core NATS and waits for its answer, both JSON. Throws when nobody listens or
 * nobody answers in time: the asker decides what that means.
 */
export async function request<Answer>(
  connection: Connection,
  subject: string,
  question: unknown,
  timeoutMs = 5_000,
): Promise<Answer> {
  const reply = await connection.nc.request(subject, JSON.stringify(question), { timeout: timeoutMs });
  return reply.json<Answer>();
}
