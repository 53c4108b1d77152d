import type { CanonicalTool, JsonMap } from '@penstock/contracts';
import { present } from './present.js';

/** A function as the dialects declare it: the schema may be left out where it takes nothing. */
export interface FunctionDeclared {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: JsonMap | null | undefined;
  readonly strict?: boolean | null | undefined;
}

export function functionTool({ name, description, parameters, strict }: FunctionDeclared): CanonicalTool {
  const inputSchema = parameters ?? { type: 'object', properties: {} };
  return present({ type: 'function' as const, name, description, inputSchema, strict });
}
