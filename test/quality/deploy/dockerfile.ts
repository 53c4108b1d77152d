/** One stage of a Dockerfile: what it is built on, and its instructions in order. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export interface Instruction {
  readonly verb: string;
  readonly text: string;
}

/** Reads as much of a Dockerfile as a test has to know: stages, and instructions with their lines joined. */
export function readDockerfile(source: string): Stage[] {
  const joined = source.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, ' ');
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of joined.split('\n')) {
    const [, verb, text] = /^([A-Z]+)\s+(.*\S)\s*$/.exec(line) ?? [];
    if (verb === undefined || text === undefined) continue;
    if (verb === 'FROM') {
      const [base = '', , name = ''] = text.split(/\s+/);
      stages.push({ name, base, instructions: [] });
    } else {
      stages.at(-1)?.instructions.push({ verb, text });
    }
  }
  return stages;
}

/** The stage and those it is built on, itself first. */
export function lineage(stages: readonly Stage[], stage: Stage): Stage[] {
  const base = stages.find(({ name }) => name === stage.base);
  return base ? [stage, ...lineage(stages, base)] : [stage];
}

/** What the last instruction of that verb says, in the stage or the nearest one below it. */
export function effective(stages: readonly Stage[], stage: Stage, verb: string): string | undefined {
  for (const { instructions } of lineage(stages, stage)) {
    const found = instructions.findLast((instruction) => instruction.verb === verb);
    if (found) return found.text;
  }
  return undefined;
}

/** All variables that ENV sets in the stage and below it. */
export function environment(stages: readonly Stage[], stage: Stage): Record<string, string> {
  const pairs = lineage(stages, stage)
    .toReversed()
    .flatMap(({ instructions }) => instructions.filter(({ verb }) => verb === 'ENV'))
    .flatMap(({ text }) => text.split(/\s+/))
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
