import type { Upstream } from '../upstream/start-upstream.js';
import type { Gateway } from './gateway.js';

/** The upstream called without anything between: what the upstream and the load generator can do, and no system more. */
export function direct(upstream: Upstream): Gateway {
  return {
    name: 'direct',
    role: 'direct',
    target: (latencyMs) => ({
      url: `${upstream.after(latencyMs)}/v1/chat/completions`,
      headers: {},
      model: 'bench',
    }),
    pids: () => [upstream.pid],
    nodePids: () => [],
    stop: () => Promise.resolve(),
  };
}
