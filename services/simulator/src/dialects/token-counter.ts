import type { Reading } from './dialect.js';

/** How a dialect counts the input of a call that is not made. */
export interface TokenCounter {
  read(body: unknown): Reading<number>;
  render(tokens: number): string;
}
