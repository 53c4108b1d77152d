/** UTF-16 code units in a token of the simulator. */
export const TOKEN_LENGTH = 4;

/** What an image counts as, whatever its size. */
export const IMAGE_TOKENS = 85;

/**
 * The simulator's tokeniser: a token is four UTF-16 code units, the last one of a text may be shorter. So a test can
 * say beforehand what a call will be charged.
 */
export function countTokens(text: string): number {
  return Math.ceil(text.length / TOKEN_LENGTH);
}

/** Takes a text apart into its tokens. A surrogate pair is never split: its token is one unit longer. */
export function* splitTokens(text: string): Generator<string, void, void> {
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + TOKEN_LENGTH, text.length);
    if (isHighSurrogate(text.charCodeAt(to - 1)) && to < text.length) to++;
    yield text.slice(from, to);
    from = to;
  }
}

/** The first `tokens` tokens of a text, as counted by `countTokens`. */
export function firstTokens(text: string, tokens: number): string {
  const end = tokens * TOKEN_LENGTH;
  if (end >= text.length) return text;
  return isHighSurrogate(text.charCodeAt(end - 1)) ? text.slice(0, end - 1) : text.slice(0, end);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
