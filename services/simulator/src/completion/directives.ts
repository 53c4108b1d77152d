/**
 * What a caller can order in its prompt, for tests that reach the simulator through something else and so can set no
 * header on the way: `[[name]]` or `[[name: value]]`, anywhere in the last message of the user.
 *
 * - `[[say: text]]` answers with exactly that text.
 * - `[[tokens: 64]]` answers with so many tokens.
 * - `[[call: tool]]`, `[[call: one, two]]`, `[[call: tool {"city":"Ghent"}]]` calls offered tools, several in parallel.
 * - `[[reason: 32]]` thinks for so many tokens first.
 * - `[[cached: 100]]` reads so many input tokens from the prompt cache.
 * - `[[written: 40]]` writes so many input tokens to the prompt cache.
 * - `[[refuse]]` declines to answer, in the dialect's way.
 * - `[[fault: cut; after=3]]` fails, as the header `x-simulator-fault` orders.
 * - `[[latency: 200 50]]` waits 200 ms for the first token and then makes 50 a second, as `x-simulator-latency` orders.
 */
export interface Directives {
  readonly say: string | undefined;
  readonly tokens: number | undefined;
  readonly calls: readonly OrderedCall[];
  readonly reasoningTokens: number | undefined;
  readonly cachedTokens: number | undefined;
  readonly cacheWriteTokens: number | undefined;
  readonly refuse: boolean;
  readonly fault: string | undefined;
  readonly latency: string | undefined;
}

export interface OrderedCall {
  readonly name: string;
  /** JSON text; undefined leaves it to the tool's schema. */
  readonly input: string | undefined;
}

const NONE: Directives = {
  say: undefined,
  tokens: undefined,
  calls: [],
  reasoningTokens: undefined,
  cachedTokens: undefined,
  cacheWriteTokens: undefined,
  refuse: false,
  fault: undefined,
  latency: undefined,
};

const DIRECTIVE = /\[\[\s*([a-z]+)\s*(?::\s*([\s\S]*?))?\s*\]\]/g;

/** Unknown names and values that are no number are left alone: the prompt is the caller's own text. */
export function readDirectives(prompt: string): Directives {
  if (!prompt.includes('[[')) return NONE;
  const found = new Map<string, string>();
  const calls: OrderedCall[] = [];
  for (const [, name = '', value = ''] of prompt.matchAll(DIRECTIVE)) {
    if (name === 'call') calls.push(...readCalls(value));
    else found.set(name, value);
  }
  return {
    say: found.get('say'),
    tokens: count(found.get('tokens')),
    calls,
    reasoningTokens: count(found.get('reason')),
    cachedTokens: count(found.get('cached')),
    cacheWriteTokens: count(found.get('written')),
    refuse: found.has('refuse'),
    fault: found.get('fault'),
    latency: found.get('latency'),
  };
}

function readCalls(value: string): OrderedCall[] {
  const withInput = /^([^\s,{]+)\s*(\{[\s\S]*)$/.exec(value);
  if (withInput) return [{ name: withInput[1] ?? '', input: withInput[2] }];
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => ({ name, input: undefined }));
}

function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,7}$/.test(value) ? Number(value) : undefined;
}
