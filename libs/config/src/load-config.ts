import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { completeDeployments } from './catalogue/complete-deployments.js';
import { checkReferences } from './check-references.js';
import { checkTransforms } from './check-transforms.js';
import { ConfigError, type Path, type Problem } from './problem.js';
import { resolveSecrets } from './resolve-secrets.js';
import { configSchema, type Config, type ParsedConfig } from './schema/config-schema.js';
import { parseYaml } from './yaml/parse-yaml.js';

/**
 * Reads `penstock.yaml`. Throws a `ConfigError` with every problem, each with line, column and path, when there is
 * any. `${file:PATH}` is relative to the folder of the file.
 */
export function loadConfig(
  path: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  readFile: (path: string) => string = (file) => readFileSync(file, 'utf8'),
): Config {
  let source: string;
  try {
    source = readFile(path);
  } catch {
    throw new ConfigError(path, [{ line: 1, column: 1, path: [], message: 'the file cannot be read' }]);
  }
  const yaml = parseYaml(source);
  if (yaml.problems.length > 0) throw new ConfigError(path, yaml.problems);

  const parsed = configSchema.safeParse(yaml.value, { error: inPlainWords });
  const refuse = (problems: readonly Problem[]) => {
    if (problems.length > 0)
      throw new ConfigError(path, problems.map((problem) => yaml.locate(problem)).sort(byPosition));
  };
  if (!parsed.success) refuse(parsed.error.issues.flatMap(toProblems));
  const completed = completeDeployments(parsed.data as ParsedConfig);
  const resolved = resolveSecrets(completed.config, {
    env,
    readFile: (file) => readFile(resolve(dirname(path), file)),
  });
  refuse([
    ...checkReferences(resolved.config),
    ...checkTransforms(resolved.config),
    ...completed.problems,
    ...resolved.problems,
  ]);
  return resolved.config;
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.filter((key): key is string | number => typeof key !== 'symbol') as Path;
  // What is wrong with a key, in the words of its own schema.
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: issue.message }));
}

/** For what no schema has words of its own; a value is never repeated, it might be a secret in the wrong place. */
function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `is missing; ${expected(issue.expected)}` : expected(issue.expected);
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${String(issue.minimum)}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${String(issue.maximum)}`;
    default:
      return undefined;
  }
}

function expected(type: string): string {
  const names: Readonly<Record<string, string>> = {
    int: 'a whole number',
    array: 'a list',
    object: 'a map',
    record: 'a map',
  };
  return `must be ${names[type] ?? `a ${type}`}`;
}

function byPosition(a: { line: number; column: number }, b: { line: number; column: number }): number {
  return a.line - b.line || a.column - b.column;
}
