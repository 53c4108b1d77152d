/** `12,345`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `87 ms`, `1.4 s`. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `51 %`; of nothing, nothing. */
export function percent(part: number, of: number): string {
  return of === 0 ? '–' : `${Math.round((100 * part) / of)} %`;
}

/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}
