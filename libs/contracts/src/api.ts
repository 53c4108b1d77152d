/**
 * The client dialects: which API the body of a job is written in, and therefore which API its answer is
 * written in. The name is `<vendor>.<endpoint>` and travels in the `Penstock-Api` header.
 */
export const APIS = [
  'openai.chat',
  'openai.completions',
  'openai.embeddings',
  'openai.responses',
  'anthropic.messages',
  'gemini.generate',
  'openai.moderations',
  'openai.images.generations',
  'openai.images.edits',
  'openai.audio.speech',
  'openai.audio.transcriptions',
  'openai.audio.translations',
] as const;

export type Api = (typeof APIS)[number];

/** What a publisher that names no API means. */
export const DEFAULT_API: Api = 'openai.chat';

export function isApi(value: unknown): value is Api {
  return typeof value === 'string' && (APIS as readonly string[]).includes(value);
}
