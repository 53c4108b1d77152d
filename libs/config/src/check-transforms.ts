import type { Path, Problem } from './problem.js';
import type { Config } from './schema/config-schema.js';

/** What no schema can say of rules and presets: that they suit the place they are in, and name what is there. */
export function checkTransforms({ providers, presets = {}, models }: Config): Problem[] {
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
      ...Object.entries(versions).flatMap(([version, { model, models: fallbacks = [] }]) => {
        const path: Path = ['presets', name, 'versions', version];
        const named: [string, Path][] = [
          ...(model === undefined ? [] : [[model, [...path, 'model']] as [string, Path]]),
          ...fallbacks.map((fallback, at): [string, Path] => [fallback, [...path, 'models', at]]),
        ];
        return named.flatMap(([asked, where]) =>
          // A variant of a model, such as small:floor, is that model.
          [asked, asked.replace(/:[^:]*$/, '')].some((known) => Object.hasOwn(models, known))
            ? []
            : [missing(asked, 'model', Object.keys(models), where)],
        );
      }),
    ]),
  ];
}

function missing(name: string, what: string, known: readonly string[], path: Path): Problem {
  const list = known.length > 0 ? `there are ${known.join(', ')}` : 'there is none';
  return { path, message: `names the ${what} "${name}", which does not exist; ${list}` };
}
