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

/** Takes a text apart into its tokens, as many as `countTokens` says. */
export function* splitTokens(text: string): Generator<string, void, void> {
  let from = 0;
  for (let token = 1; from < text.length; token++) {
    const to = endOf(text, token);
    yield text.slice(from, to);
    from = to;
  }
}

/** The first `tokens` tokens of a text. */
export function firstTokens(text: string, tokens: number): string {
  return text.slice(0, endOf(text, tokens));
}

/** Where the first `tokens` tokens end. A surrogate pair is never split: its token ends one unit earlier. */
function endOf(text: string, tokens: number): number {
  const end = tokens * TOKEN_LENGTH;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
