/** A place in the configuration: keys and indices from the top. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** A problem and where in the file it is; both counted from 1. */
export interface LocatedProblem extends Problem {
  readonly line: number;
  readonly column: number;
}

/** Written as `deployments[2].price`. */
export function writePath(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : at === 0 ? key : `.${key}`)).join('');
}

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly file: string,
    readonly problems: readonly LocatedProblem[],
  ) {
    const lines = problems.map(({ line, column, path, message }) =>
      `${file}:${line}:${column}: ${writePath(path)} ${message}`.replace(/: {2,}/g, ': '),
    );
    super(lines.join('\n'));
  }
}
