import type { Path, Problem } from './problem.js';
import type { Config, ModelConfig } from './schema/config-schema.js';

/** What no schema can say: that names used are names given, and that nothing is given twice. */
export function checkReferences(config: Config): Problem[] {
  return [
    ...duplicates(config.deployments, 'id', ['deployments']),
    ...duplicates(config.tenants, 'id', ['tenants']),
    ...config.tenants.flatMap(({ keys }, at) => duplicates(keys, 'name', ['tenants', at, 'keys'])),
    ...config.deployments.flatMap(({ credentials = [] }, at) =>
      duplicates(credentials, 'name', ['deployments', at, 'credentials']),
    ),
    ...Object.entries(config.providers).flatMap(([name, { credentials = [], apiKey }]) => [
      ...duplicates(credentials, 'name', ['providers', name, 'credentials']),
      ...(credentials.length > 0 && apiKey !== undefined
        ? [
            {
              path: ['providers', name, 'apiKey'],
              message: 'stands beside `credentials`: make it one of them',
            },
          ]
        : []),
    ]),
    ...config.deployments.flatMap(({ provider }, at) =>
      unknown(provider, Object.keys(config.providers), 'provider', ['deployments', at, 'provider']),
    ),
    ...Object.entries(config.models).flatMap(([name, model]) => [
      ...unknownCanary(name, model),
      ...lonelyHedge(name, model),
      ...unknownFallbacks(name, model, Object.keys(config.models)),
    ]),
    ...Object.entries(config.models).flatMap(([name, { deployments }]) =>
      deployments.flatMap((id, at) => {
        const path = ['models', name, 'deployments', at];
        const ids = config.deployments.map((deployment) => deployment.id);
        if (deployments.indexOf(id) < at) return [{ path, message: `names "${id}" a second time` }];
        return unknown(id, ids, 'deployment', path);
      }),
    ),
  ];
}

function unknownCanary(name: string, { canary, deployments }: ModelConfig): Problem[] {
  if (!canary) return [];
  return unknown(canary.deployment, deployments, 'deployment', ['models', name, 'canary', 'deployment']);
}

function lonelyHedge(name: string, { hedge, deployments }: ModelConfig): Problem[] {
  if (!hedge || deployments.length > 1) return [];
  const message = 'needs a second deployment to go to: name one in `deployments`, or leave `hedge` out';
  return [{ path: ['models', name, 'hedge'], message }];
}

function unknownFallbacks(name: string, { fallbacks = [] }: ModelConfig, models: string[]): Problem[] {
  return fallbacks.flatMap((fallback, at) => {
    const path = ['models', name, 'fallbacks', at];
    if (fallback === name) return [{ path, message: 'names the model itself' }];
    if (fallbacks.indexOf(fallback) < at) return [{ path, message: `names "${fallback}" a second time` }];
    return unknown(fallback, models, 'model', path);
  });
}

function duplicates<K extends string>(items: readonly Record<K, unknown>[], key: K, path: Path): Problem[] {
  const seen = new Set<unknown>();
  return items.flatMap((item, at) => {
    const again = seen.has(item[key]);
    seen.add(item[key]);
    return again ? [{ path: [...path, at, key], message: `"${String(item[key])}" is there already` }] : [];
  });
}

function unknown(name: string, known: readonly string[], what: string, path: Path): Problem[] {
  if (known.includes(name)) return [];
  const list = known.length > 0 ? `there are ${known.join(', ')}` : 'there is none';
  return [{ path, message: `names the ${what} "${name}", which does not exist; ${list}` }];
}
