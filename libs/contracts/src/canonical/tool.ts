import type { JsonMap } from './json.js';
import type { WithProviderOptions } from './message.js';

/** A function the model may ask the client to run. Shape as in the AI SDK's `LanguageModelV4FunctionTool`. */
export interface CanonicalTool extends WithProviderOptions {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string;
  /** A JSON schema of an object. */
  readonly inputSchema: JsonMap;
  readonly strict?: boolean;
}

export type CanonicalToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly toolName: string };
