import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { LocatedProblem, Path, Problem } from '../problem.js';

export interface ParsedYaml {
  readonly value: unknown;
  /** What is wrong with it as YAML. When there is any, `value` is undefined. */
  readonly problems: readonly LocatedProblem[];
  /** Puts a problem where its path leads, or as near as there is something. */
  locate(problem: Problem): LocatedProblem;
}

/** Parses YAML 1.2, remembering where everything stood. Duplicate keys are errors. */
export function parseYaml(source: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = document.errors.map((error) => ({
    ...at(error.pos[0]),
    path: [],
    message: `is not YAML: ${error.message}`.trim(),
  }));
  return {
    value: problems.length > 0 ? undefined : (document.toJS() as unknown),
    problems,
    locate: (problem) => ({ ...problem, ...at(offsetOf(document, problem.path)) }),
  };
}

/** Where the value at `path` begins, or its key in a map; else where the last part of the path that exists does. */
function offsetOf(document: Document, path: Path): number {
  let node = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node) && typeof key === 'number') {
      node = (node.items[key] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}
