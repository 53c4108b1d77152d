import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** What was read of one model, in `facts.yaml`. */
interface Facts {
  readonly context?: number;
  readonly maxOutput?: number;
  readonly input?: number;
  readonly output?: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly sources: readonly string[];
}

interface FactsFile {
  readonly read: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly models: Readonly<Record<string, Readonly<Record<string, Facts>>>>;
}

interface Capabilities {
  readonly vision: boolean | undefined;
  readonly jsonSchema: boolean | undefined;
  readonly tools: boolean | undefined;
}

/** The vendors whose AI SDK package says in its documentation what their models can do, and the package's name. */
const PACKAGES: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  bedrock: 'amazon-bedrock',
  mistral: 'mistral',
  groq: 'groq',
  xai: 'xai',
  deepseek: 'deepseek',
  together: 'togetherai',
  fireworks: 'fireworks',
  perplexity: 'perplexity',
  cerebras: 'cerebras',
  cohere: 'cohere',
};

/**
 * The text of `src/catalogue/known-models.ts`: contexts and prices out of `facts.yaml`, abilities out of the
 * documentation that comes with the installed packages.
 */
export function writeCatalogue(root: string): string {
  const facts = parse(readFileSync(path.join(import.meta.dirname, 'facts.yaml'), 'utf8')) as FactsFile;
  const versions: string[] = [];
  const rows: string[] = [];
  for (const [vendor, name] of Object.entries(PACKAGES)) {
    const folder = path.join(root, 'node_modules/@ai-sdk', name);
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    versions.push(` *   @ai-sdk/${name} ${version}`);
    const abilities = readAbilities(path.join(folder, 'docs'));
    const known = facts.models[vendor] ?? {};
    for (const model of [...new Set([...Object.keys(known), ...abilities.keys()])].sort()) {
      rows.push(row(vendor, model, known[model], abilities.get(model)));
    }
  }
  const sources = Object.entries(facts.sources).map(([key, address]) => ` *   ${key}: ${address}`);
  return [
    '/**',
    ' * Well-known models, written by `npm run catalogue` from libs/config/catalogue/facts.yaml and the documentation',
    ' * of the installed packages. One line a model: vendor, model, context, longest answer, prices (input, output,',
    ' * cached input, cache write; US dollars per million tokens), abilities, sources. Empty is not known.',
    ' *',
    ` * Contexts and prices, read on ${facts.read}:`,
    ...sources,
    ' *',
    ' * Abilities:',
    ...versions,
    ' */',
    'export const KNOWN_MODELS = `',
    ...rows,
    '`;',
    '',
  ].join('\n');
}

function row(vendor: string, model: string, facts: Facts | undefined, can: Capabilities | undefined): string {
  const prices = [facts?.input, facts?.output, facts?.cachedInput, facts?.cacheWrite];
  const abilities = Object.entries(can ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (value ? name : `no-${name}`));
  const cells = [vendor, model, facts?.context, facts?.maxOutput, ...prices, abilities.join(' ')];
  return [...cells, facts?.sources.join(' ')].map((cell) => cell ?? '').join('|');
}

/** The tables of models in a package's documentation: a line a model, a column an ability, ticked or crossed. */
function readAbilities(folder: string): Map<string, Capabilities> {
  const found = new Map<string, Capabilities>();
  for (const file of readdirSync(folder)) {
    let columns: string[] | undefined;
    for (const line of readFileSync(path.join(folder, file), 'utf8').split('\n')) {
      const cells = line.startsWith('|')
        ? line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim())
        : [];
      if (cells[0] === 'Model') columns = cells.includes('Tool Usage') ? cells : undefined;
      const model = /^`([^`|]+)`$/.exec(cells[0] ?? '')?.[1];
      if (cells.length === 0) columns = undefined;
      if (!columns || model === undefined) continue;
      const ticked = (column: string) => {
        const cell = cells[columns?.indexOf(column) ?? -1];
        return cell === undefined ? undefined : cell.includes('Check');
      };
      found.set(model, {
        vision: ticked('Image Input'),
        jsonSchema: ticked('Object Generation'),
        tools: ticked('Tool Usage'),
      });
    }
  }
  return found;
}
