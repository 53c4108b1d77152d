/** What a cell of the matrix asks for, in no dialect. */
export interface Question {
  readonly text: string;
  /** Offers the tools `get_weather` and `get_time`. */
  readonly tools?: boolean;
  /** Wants an object that fits `SCHEMA`. */
  readonly schema?: boolean;
  readonly image?: boolean;
  /** Wants the model to think, and to show it where the dialect can. */
  readonly reasoning?: boolean;
}

/** What a client made of an answer, in no dialect. */
export interface Said {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly reasoning: string;
  readonly reasoningTokens: number;
  readonly refused: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Pieces of text that came one after the other; 1 for a whole answer. */
  readonly pieces: number;
}

/** A client that people use, or for a dialect without one here, its protocol. */
export interface Client {
  readonly name: string;
  ask(model: string, question: Question): Promise<Said>;
  stream(model: string, question: Question): Promise<Said>;
  /** The HTTP status, or `broken` for a stream that ended in an error; undefined for an error that is not the client's own. */
  readError(error: unknown): number | 'broken' | undefined;
}

export const WEATHER = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city'],
  additionalProperties: false,
};
export const NOTHING = { type: 'object' as const, properties: {}, additionalProperties: false };

export const SCHEMA = {
  type: 'object' as const,
  properties: { level: { type: 'integer' as const } },
  required: ['level'],
  additionalProperties: false,
};

/** The smallest picture there is. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
