import type { Fault } from './fault.js';

const WHOLE = new Map([
  ['hang', 'hang'],
  ['reset', 'reset'],
  ['wrong_content_type', 'wrong_content_type'],
  ['missing_usage', 'missing_usage'],
] as const);

const WITHIN = new Map([
  ['truncate', 'truncate'],
  ['error_event', 'error_event'],
  ['stall', 'stall'],
  ['malformed', 'malformed'],
] as const);

/**
 * Reads a fault as it is written in `x-simulator-fault`, in a prompt's `[[fault: …]]` and in a model's rules:
 * a status (`500`), or a kind, then options: `429; retry-after-ms=2000`, `cut; after=3; mid`, `drip; bytes=8; ms=50`.
 * Undefined when it is none of these.
 */
export function readFault(order: string): Fault | undefined {
  const [name = '', ...rest] = order.split(';').map((part) => part.trim());
  const options = new Map(rest.map(readOption));
  const number = (key: string, byDefault: number) => {
    const value = Number(options.get(key) ?? byDefault);
    return Number.isFinite(value) && value >= 0 ? value : byDefault;
  };
  if (/^[45]\d\d$/.test(name)) {
    const status = Number(name);
    const retryAfterMs = number('retry-after-ms', status === 429 ? 1000 : 0);
    return retryAfterMs > 0 ? { kind: 'status', status, retryAfterMs } : { kind: 'status', status };
  }
  const kind = name.replaceAll('-', '_');
  const whole = WHOLE.get(kind as never);
  if (whole) return { kind: whole };
  const within = WITHIN.get(kind as never);
  if (within) return { kind: within, afterEvents: number('after', 2) };
  if (kind === 'cut') return { kind, afterEvents: number('after', 2), midEvent: options.has('mid') };
  if (kind === 'drip') return { kind, bytes: Math.max(1, number('bytes', 16)), pauseMs: number('ms', 50) };
  return undefined;
}

function readOption(option: string): [name: string, value: string] {
  const at = option.indexOf('=');
  return at === -1 ? [option, ''] : [option.slice(0, at).trim(), option.slice(at + 1).trim()];
}
