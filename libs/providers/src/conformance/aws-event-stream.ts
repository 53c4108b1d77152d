import { crc32 } from 'node:zlib';

/**
 * Events as AWS frames them (`application/vnd.amazon.eventstream`): lengths, headers, payload, and two checksums. Each
 * event is an object with one key, which is its type.
 */
export function encodeAwsEvents(events: readonly object[]): Buffer {
  return Buffer.concat(
    events.map((event) => {
      const [[type, payload] = ['', {}]] = Object.entries(event) as [string, object][];
      return encodeFrame(type, Buffer.from(JSON.stringify(payload)));
    }),
  );
}

const PRELUDE_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** The type of a header's value: text. */
const TEXT = 7;

function encodeFrame(type: string, payload: Buffer): Buffer {
  const headers = Buffer.concat([
    header(':event-type', type),
    header(':content-type', 'application/json'),
    header(':message-type', 'event'),
  ]);
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.writeUInt32BE(PRELUDE_BYTES + 2 * CHECKSUM_BYTES + headers.length + payload.length);
  prelude.writeUInt32BE(headers.length, 4);
  const frame = Buffer.concat([prelude, checksum(prelude), headers, payload]);
  return Buffer.concat([frame, checksum(frame)]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([TEXT]),
    length,
    Buffer.from(value),
  ]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
