import type { Api } from '@penstock/contracts';
import { OPERATION } from '@penstock/telemetry';
import type { WorkerDeployment } from './worker-deployment.js';

/** The labels of what is counted of attempts of one API at one deployment. */
export interface AttemptLabels {
  readonly attempt: ReturnType<typeof labelsOf>;
  readonly inputTokens: ReturnType<typeof labelsOf> & { readonly 'gen_ai.token.type': 'input' };
  readonly outputTokens: ReturnType<typeof labelsOf> & { readonly 'gen_ai.token.type': 'output' };
}

const made = new WeakMap<WorkerDeployment, Map<Api, AttemptLabels>>();

/** Put together once for each API of a deployment: every attempt is counted several times. */
export function attemptLabels(deployment: WorkerDeployment, api: Api): AttemptLabels {
  let ofDeployment = made.get(deployment);
  if (!ofDeployment) made.set(deployment, (ofDeployment = new Map<Api, AttemptLabels>()));
  let labels = ofDeployment.get(api);
  if (!labels) {
    const attempt = labelsOf(deployment, api);
    labels = {
      attempt,
      inputTokens: { ...attempt, 'gen_ai.token.type': 'input' },
      outputTokens: { ...attempt, 'gen_ai.token.type': 'output' },
    };
    ofDeployment.set(api, labels);
  }
  return labels;
}

/** In the order of their names: OpenTelemetry sorts them at every record, and what is sorted costs it less. */
function labelsOf({ id, provider, upstreamModel }: WorkerDeployment, api: Api) {
  return {
    deployment: id,
    'gen_ai.operation.name': OPERATION[api],
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': upstreamModel,
  };
}
