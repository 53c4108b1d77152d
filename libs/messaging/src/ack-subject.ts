/** What a JetStream ack subject says about the delivery it belongs to. */
export interface DeliveryInfo {
  readonly stream: string;
  readonly consumer: string;
  /** Counted from 1 by this consumer; starts again when the consumer is made anew. */
  readonly deliveries: number;
  readonly sequence: number;
  readonly storedAtMs: number;
  /** Messages of the lane that had not been delivered at that moment. */
  readonly pending: number;
}

/**
 * Takes an ack subject apart: `$JS.ACK.<stream>.<consumer>.<deliveries>.<seq>.<consumer seq>.<ns>.<pending>`, or the newer
 * form with domain and account hash before the stream.
 */
export function parseAckSubject(ackSubject: string): DeliveryInfo | undefined {
  const tokens = ackSubject.split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
  const at = tokens.length === 9 ? 2 : 4;
  return {
    stream: tokens[at] ?? '',
    consumer: tokens[at + 1] ?? '',
    deliveries: Number(tokens[at + 2]),
    sequence: Number(tokens[at + 3]),
    storedAtMs: Math.floor(Number(tokens[at + 5]) / 1e6),
    pending: Number(tokens[at + 6]),
  };
}
