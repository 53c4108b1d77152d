import type { Usage } from '@penstock/contracts';

/**
 * The usage of the attempt that an event (its JSON) tells of, without reading the rest of the event, which is most of
 * it. Undefined where it tells of none, or is not an event that Penstock wrote.
 *
 * Within a text of JSON quotes are escaped, and what clients name and say in an event are texts: so a name and an
 * opening bracket stand where they are a field of the event, and nowhere else. Only `history` has attempts beside.
 */
export function usageIn(event: string): Usage | undefined {
  const attempt = event.indexOf('"attempt":{');
  if (attempt < 0) return undefined;
  const usage = event.indexOf(USAGE, attempt);
  if (usage < 0) return undefined;
  const history = event.indexOf('"history":[', attempt);
  if (history >= 0 && history < usage) return undefined;
  const from = usage + USAGE.length - 1;
  try {
    // Usage is numbers and one word: the first bracket that closes is its own.
    return JSON.parse(event.slice(from, event.indexOf('}', from) + 1)) as Usage;
  } catch {
    return undefined;
  }
}

const USAGE = '"usage":{';
