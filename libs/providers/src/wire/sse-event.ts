export interface SseEvent {
  /** Undefined when the event does not name its type. */
  readonly type: string | undefined;
  /** Undefined for what is only a comment. */
  readonly data: string | undefined;
}

/** Reads one whole event, as SseSplitter cuts it. (WHATWG HTML, "Server-sent events".) */
export function readSseEvent(bytes: Buffer): SseEvent {
  return readSimple(bytes) ?? readAny(bytes);
}

/** The event that nearly all are: one line of data and an empty one, both ended by LF. */
function readSimple(bytes: Buffer): SseEvent | undefined {
  const end = bytes.indexOf(0x0a);
  if (end !== bytes.length - 2 || bytes[end + 1] !== 0x0a || bytes.toString('latin1', 0, 6) !== 'data: ')
    return undefined;
  return bytes.includes(0x0d) ? undefined : { type: undefined, data: bytes.toString('utf8', 6, end) };
}

function readAny(bytes: Buffer): SseEvent {
  let type: string | undefined;
  let data: string | undefined;
  for (const line of bytes.toString('utf8').split(/\r\n|\n|\r/)) {
    const unmarked = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
    const colon = unmarked.indexOf(':');
    if (colon === 0 || unmarked === '') continue;
    const field = colon < 0 ? unmarked : unmarked.slice(0, colon);
    const value = colon < 0 ? '' : unmarked.slice(unmarked[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (field === 'event') type = value;
  }
  return { type, data };
}
