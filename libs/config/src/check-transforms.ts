import type { Path, Problem } from './problem.js';
import type { Config } from './schema/config-schema.js';

/** What no schema can say of rules and presets: that they suit the place they are in, and name what is there. */
export function checkTransforms(config: Config): Problem[] {
  const { providers, presets = {} } = config;
  return [
    ...Object.entries(providers).flatMap(([name, { transforms = [], adapter }]) =>
      transforms.flatMap((rule, at) => {
        const path: Path = ['providers', name, 'transforms', at];
        const ofConversation = (['trimMessages', 'prependSystem'] as const).filter(
          (kind) => rule[kind] !== undefined,
        );
        if (ofConversation[0] !== undefined) {
          const message = "needs the client's own dialect: put it under a model, a tenant or a preset";
          return [{ path: [...path, ofConversation[0]], message }];
        }
        if (adapter === 'bedrock' && (rule.on ?? 'request') === 'request') {
          const message =
            'changes a request that is signed already: for bedrock put it under a model or a tenant';
          return [{ path, message }];
        }
        return [];
      }),
    ),
    ...Object.entries(presets).flatMap(([name, { latest, versions }]) => [
      ...(Object.hasOwn(versions, latest)
        ? []
        : [missing(latest, 'version', Object.keys(versions), ['presets', name, 'latest'])]),
      ...Object.entries(versions).flatMap(([version, said]) =>
        checkVersion(said, config, ['presets', name, 'versions', version]),
      ),
    ]),
  ];
}

type PresetVersion = NonNullable<Config['presets']>[string]['versions'][string];

function checkVersion(
  { model, models = [], provider }: PresetVersion,
  config: Config,
  path: Path,
): Problem[] {
  const known = Object.keys(config.models);
  const isModel = (name: string) => Object.hasOwn(config.models, name);
  return [
    // A variant of a model is that model.
    ...(model === undefined || isModel(model) || isModel(model.replace(/:(floor|nitro)$/, ''))
      ? []
      : [missing(model, 'model', known, [...path, 'model'])]),
    ...models.flatMap((name, at) =>
      isModel(name) ? [] : [missing(name, 'model', known, [...path, 'models', at])],
    ),
    ...(['order', 'only', 'ignore'] as const).flatMap((field) =>
      (provider?.[field] ?? []).flatMap((name, at) => {
        const there = config.deployments.some(
          ({ id, provider: owner }) => name === owner || name === id || id.startsWith(`${name}/`),
        );
        const message = `names "${name}", which is neither a provider with deployments nor a deployment`;
        return there ? [] : [{ path: [...path, 'provider', field, at], message }];
      }),
    ),
  ];
}

function missing(name: string, what: string, known: readonly string[], path: Path): Problem {
  const list = known.length > 0 ? `there are ${known.join(', ')}` : 'there is none';
  return { path, message: `names the ${what} "${name}", which does not exist; ${list}` };
}
