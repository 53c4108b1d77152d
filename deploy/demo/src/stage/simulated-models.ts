import type { Installation } from '../../../local/src/index.js';

/** About 100 ms a call, none like the other. */
const PACE = {
  latency: { firstTokenMs: { lognormal: { median: 40, sigma: 0.4 } }, tokensPerSecond: 400 },
  output: { tokens: { uniform: [12, 40] } },
};

/** How the simulator's models behave in the demo: one works, one fails half of its calls. */
const MODELS = {
  'sim-small': PACE,
  'sim-flaky': {
    ...PACE,
    faults: [
      { fault: '500', rate: 0.25 },
      { fault: 'reset', rate: 0.25 },
    ],
  },
};

/** Tells the simulator to behave so. */
export async function setSimulatedModels({ simulatorUrl }: Installation, signal: AbortSignal): Promise<void> {
  for (const [model, settings] of Object.entries(MODELS)) {
    const answer = await fetch(`${simulatorUrl}/_simulator/models/${model}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
      signal,
    });
    if (!answer.ok) throw new Error(`the simulator refused the settings of ${model}: ${await answer.text()}`);
  }
}
