import { modelOf } from './read-model.js';
import type { SimulatedModel } from './simulated-model.js';

/** What there is when nobody says otherwise. `sim-flaky` fails half of its calls, in the ways that happen most. */
export const DEFAULT_MODELS: readonly SimulatedModel[] = [
  modelOf('sim-small'),
  modelOf('sim-large', 'chat', { output: { tokens: 64 } }),
  modelOf('sim-flaky', 'chat', {
    faults: [
      { rate: 0.2, fault: { kind: 'status', status: 500 } },
      { rate: 0.15, fault: { kind: 'status', status: 503 } },
      { rate: 0.05, fault: { kind: 'status', status: 429, retryAfterMs: 1000 } },
      { rate: 0.1, fault: { kind: 'reset' } },
    ],
  }),
  modelOf('sim-embedding', 'embedding'),
  modelOf('sim-moderation', 'moderation'),
  modelOf('sim-image', 'image'),
  modelOf('sim-speech', 'speech'),
  modelOf('sim-transcription', 'transcription'),
];
