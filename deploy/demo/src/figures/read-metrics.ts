import type { Stage } from '../stage/stage.js';
import { sumByLabel } from './sum-by-label.js';

/** Sums a counter of one service over all its labels but one, at the service's own `/metrics`. */
export async function readCounter(
  { installation, signal }: Stage,
  service: string,
  counter: string,
  label: string,
): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${installation.adminUrls[service]}/metrics`, { signal });
  if (!answer.ok) throw new Error(`${service} answered ${answer.status} for /metrics`);
  return sumByLabel(await answer.text(), counter, label);
}
