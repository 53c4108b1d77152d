import { PRIORITY_CLASSES } from '@penstock/contracts';
import type { RouterParts } from './dispatch/router-parts.js';

/** Lets whoever scrapes see what waits here and what this router may still send. Returns what ends that. */
export function observeRouter(
  { telemetry, tender, credits }: Pick<RouterParts, 'telemetry' | 'tender' | 'credits'>,
  deployments: readonly string[],
): () => void {
  const { metrics } = telemetry;
  const stops = [
    metrics.queueDepth.observe(() => {
      const depths = tender().depths();
      return PRIORITY_CLASSES.map((priorityClass) => [depths[priorityClass].jobs, { class: priorityClass }]);
    }),
    metrics.lanes.observe(() => {
      const depths = tender().depths();
      return PRIORITY_CLASSES.map((priorityClass) => [depths[priorityClass].lanes, { class: priorityClass }]);
    }),
    metrics.credits.observe(() =>
      deployments.map((deployment) => [credits.held(deployment), { deployment }]),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
