import { byChance } from './by-chance.js';
import type { LiveCandidate, Order } from './order.js';

const shuffle = byChance(() => 1);

/**
 * The lowest figure first. A deployment without a figure counts as good as the best one, and ties are broken by
 * chance: so one that was quiet for a while, or is new, gets some of the work and with it a figure.
 */
function byFigure(figure: (candidate: LiveCandidate) => number | undefined): Order {
  return (candidates, context) => {
    const known = candidates.flatMap((one) => figure(one) ?? []);
    const best = known.length > 0 ? Math.min(...known) : 0;
    return shuffle(candidates, context).sort((a, b) => (figure(a) ?? best) - (figure(b) ?? best));
  };
}

/** The shortest median time to the first token first. */
export const byFirstToken = byFigure(({ state }) => state.firstTokenMs?.p50);

/** The most tokens a second first, by the median. */
export const byThroughput = byFigure(({ state }) =>
  state.tokensPerSecond ? -state.tokensPerSecond.p50 : undefined,
);
