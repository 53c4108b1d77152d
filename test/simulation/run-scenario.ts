import { seededRandom } from '@penstock/resilience';
import { Measurements } from './engine/measurements.js';
import { Simulation } from './engine/simulation.js';
import type { Policy } from './policies/policy.js';
import type { Scenario } from './scenarios/scenario.js';

/** One scenario under one policy. The same seed gives every policy the same jobs. */
export function runScenario(scenario: Scenario, policy: Policy, seed: number): Measurements {
  return new Simulation({
    policy,
    deployments: scenario.deployments,
    arrivals: scenario.arrivals(seededRandom(seed)),
    untilMs: scenario.untilMs,
    measurements: new Measurements(scenario.groupOf ?? (() => undefined)),
    random: seededRandom(seed + 1),
  }).run();
}
