import OpenAI from 'openai';

/** A stream's error has no status of its own. */
export function readOpenAiError(error: unknown): number | 'broken' | undefined {
  if (!(error instanceof OpenAI.OpenAIError)) return undefined;
  return error instanceof OpenAI.APIError && error.status !== undefined ? Number(error.status) : 'broken';
}
