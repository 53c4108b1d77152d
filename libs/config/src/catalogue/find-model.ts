import { KNOWN_MODELS } from './known-models.js';

/** What is known of a vendor's model. What is absent is not known. */
export interface KnownModel {
  /** Input and output together. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** US dollars per million tokens. */
  readonly price?: {
    readonly input: number;
    readonly output: number;
    readonly cachedInput?: number;
    readonly cacheWrite?: number;
  };
  readonly capabilities: {
    readonly tools?: boolean;
    readonly vision?: boolean;
    readonly jsonSchema?: boolean;
  };
}

/** Whose models an adapter reaches. Absent: the adapter is one for many, or names models its own way. */
const VENDORS: Readonly<Record<string, string>> = {
  openai: 'openai',
  'openai-responses': 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  vertex: 'google',
  bedrock: 'bedrock',
  mistral: 'mistral',
  groq: 'groq',
  xai: 'xai',
  deepseek: 'deepseek',
  together: 'together',
  fireworks: 'fireworks',
  perplexity: 'perplexity',
  cerebras: 'cerebras',
  cohere: 'cohere',
};

let catalogue: ReadonlyMap<string, KnownModel> | undefined;

/**
 * What the catalogue knows of a model behind an adapter. A dated version (`gpt-4o-2024-08-06`,
 * `claude-haiku-4-5-20251001`) is its model, unless the catalogue has it under its own name.
 */
export function findKnownModel(adapter: string, model: string): KnownModel | undefined {
  const vendor = VENDORS[adapter];
  if (vendor === undefined) return undefined;
  catalogue ??= readCatalogue(KNOWN_MODELS);
  const undated = model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '');
  return catalogue.get(`${vendor} ${model}`) ?? catalogue.get(`${vendor} ${undated}`);
}

function readCatalogue(table: string): ReadonlyMap<string, KnownModel> {
  const rows = table.trim().split('\n');
  return new Map(rows.map((row) => [row.split('|', 2).join(' '), readRow(row)]));
}

function readRow(row: string): KnownModel {
  const [, , context, longest, ...cells] = row.split('|');
  const [input, output, cachedInput, cacheWrite] = cells.map(readNumber);
  const abilities = (cells[4] ?? '').split(' ');
  const can = (name: string) =>
    abilities.includes(name) ? true : abilities.includes(`no-${name}`) ? false : undefined;
  return {
    ...present({ contextTokens: readNumber(context), maxOutputTokens: readNumber(longest) }),
    ...(input !== undefined &&
      output !== undefined && { price: { input, output, ...present({ cachedInput, cacheWrite }) } }),
    capabilities: present({ tools: can('tools'), vision: can('vision'), jsonSchema: can('jsonSchema') }),
  };
}

function readNumber(cell: string | undefined): number | undefined {
  return cell === undefined || cell === '' ? undefined : Number(cell);
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
