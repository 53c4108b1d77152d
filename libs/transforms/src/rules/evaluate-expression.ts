import jsonata from 'jsonata';
import { isObject } from './field-path.js';
import type { JsonObject } from './rule.js';

/**
 * The bounds of one evaluation: an expression that runs away is broken off, because all jobs of a worker wait for it
 * meanwhile. They are looked at with every step of the evaluation.
 */
export const EXPRESSION_BOUNDS = {
  /** Milliseconds. */
  timeout: 250,
  /** Calls within calls. */
  stack: 200,
  /** The longest list that is made. */
  sequence: 100_000,
} as const;

/** The new document, or why there is none: a sentence that repeats nothing of the document. */
export type Evaluated =
  { readonly ok: true; readonly document: JsonObject } | { readonly ok: false; readonly why: string };

/** Compiles a JSONata expression. It sees the document and nothing else, and cannot change it. */
export function compileExpression(source: string): (document: JsonObject) => Promise<Evaluated> {
  const expression = jsonata(source, EXPRESSION_BOUNDS);
  // What would evaluate a text out of the document is not there.
  expression.registerFunction('eval', () => {
    throw new Error('There is no $eval.');
  });
  return async (document) => {
    let text: string | undefined;
    try {
      // Its lists have properties that are not JSON, and it may return functions.
      text = JSON.stringify(await expression.evaluate(document));
    } catch (error) {
      return { ok: false, why: describe(error) };
    }
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return isObject(value) ? { ok: true, document: value } : { ok: false, why: 'its value is not an object' };
  };
}

/** The library's messages quote values: only the code is taken from them, and where it stopped. */
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'it cannot be evaluated';
  const { code, position } = error as { code: unknown; position?: unknown };
  const where = typeof position === 'number' ? ` at character ${position}` : '';
  switch (code) {
    case 'D1012':
      return `it takes longer than ${EXPRESSION_BOUNDS.timeout} ms`;
    case 'D1011':
      return `it nests more than ${EXPRESSION_BOUNDS.stack} calls`;
    default:
      return `JSONata stopped with ${String(code)}${where}`;
  }
}
