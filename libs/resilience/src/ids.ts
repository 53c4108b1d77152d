/** Makes ids that are unique for all time and sort by the instant they were made. Given, like the clock. */
export type MakeId = (prefix: string) => string;

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/**
 * Ids like `job_0k3t9…`: nine characters of time (milliseconds) and sixteen of randomness (80 bits), in base 32, as in
 * the ULID specification but lower case, so that they may stand in NATS subjects and in file names.
 */
export function idMaker(nowMs: () => number, randomBytes: (size: number) => Uint8Array): MakeId {
  let pool = randomBytes(0);
  let used = 0;
  return (prefix) => {
    if (used + 16 > pool.length) {
      pool = randomBytes(2048);
      used = 0;
    }
    let time = nowMs();
    let head = '';
    for (let i = 0; i < 9; i++) {
      head = ALPHABET.charAt(time % 32) + head;
      time = Math.floor(time / 32);
    }
    let tail = '';
    for (let i = 0; i < 16; i++) tail += ALPHABET.charAt((pool[used++] ?? 0) & 31);
    return `${prefix}_${head}${tail}`;
  };
}
