import { splitTokens } from '../../completion/count-tokens.js';

interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
}

/** Log probabilities that fall with the rank and are otherwise made up: the simulator has no model to ask. */
export function renderLogprobs(text: string, top: number) {
  const content = [...splitTokens(text)].map((token) => ({
    ...tokenLogprob(token, 0),
    top_logprobs: Array.from({ length: top }, (_, rank) =>
      tokenLogprob(rank === 0 ? token : `alt${rank}`, rank),
    ),
  }));
  return { content, refusal: null };
}

function tokenLogprob(token: string, rank: number): TokenLogprob {
  return { token, logprob: -0.125 * (rank + 1), bytes: [...Buffer.from(token)] };
}
