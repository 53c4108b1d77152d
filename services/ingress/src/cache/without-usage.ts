const USAGE = new Set(['usage', 'usageMetadata']);

/** What the dialects put around a usage that is not at the top. */
const AROUND = new Set(['message', 'response']);

/**
 * An answer with every count of its usage set to zero: served from the cache, it uses nothing. Events of a stream that
 * tell no usage keep their bytes, and so does a body that is no JSON.
 */
export function withoutUsage(contentType: string, body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!bytes.includes('"usage')) return body;
  if (!contentType.startsWith('text/event-stream')) {
    const zeroed = zeroIn(bytes.toString('utf8'));
    return zeroed === undefined ? body : Buffer.from(zeroed);
  }
  const lines = bytes.toString('utf8').split('\n');
  return Buffer.from(lines.map(zeroLine).join('\n'));
}

function zeroLine(line: string): string {
  if (!line.startsWith('data:') || !line.includes('"usage')) return line;
  const end = line.endsWith('\r') ? '\r' : '';
  const zeroed = zeroIn(line.slice('data:'.length));
  return zeroed === undefined ? line : `data: ${zeroed}${end}`;
}

function zeroIn(text: string): string | undefined {
  try {
    return JSON.stringify(zeroUsage(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function zeroUsage(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).map(([name, field]: [string, unknown]) => {
    if (USAGE.has(name)) return [name, zeroCounts(field)];
    return [name, AROUND.has(name) ? zeroUsage(field) : field];
  });
  return Object.fromEntries(fields) as object;
}

function zeroCounts(value: unknown): unknown {
  if (typeof value === 'number') return 0;
  if (Array.isArray(value)) return value.map(zeroCounts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, zeroCounts(field)]));
}
