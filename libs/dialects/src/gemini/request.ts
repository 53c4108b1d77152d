import type { JsonMap } from '@penstock/contracts';

/**
 * A `generateContent` body with camelCase names, as far as Penstock reads it. True of a value only after
 * `readGenerateBody`. Where the API is called over HTTP, model and stream stand in the path instead.
 */
export interface GenerateRequest {
  readonly model?: string | null;
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content | null;
  readonly generationConfig?: GenerationConfig | null;
  readonly tools?: readonly GeminiTool[] | null;
  readonly toolConfig?: { readonly functionCallingConfig?: FunctionCallingConfig | null } | null;
  readonly cachedContent?: string | null;
  readonly labels?: Readonly<Record<string, unknown>> | null;
}

export interface Content {
  readonly role?: 'user' | 'model' | 'function' | null;
  readonly parts?: readonly Part[] | null;
}

/** Holds one of the kinds of content, and what goes with it. */
export interface Part {
  readonly text?: string | null;
  readonly thought?: boolean | null;
  readonly thoughtSignature?: string | null;
  readonly inlineData?: {
    readonly mimeType: string;
    readonly data: string;
    readonly displayName?: string;
  } | null;
  readonly fileData?: { readonly fileUri: string; readonly mimeType?: string } | null;
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args?: JsonMap } | null;
  readonly functionResponse?: {
    readonly id?: string;
    readonly name: string;
    readonly response?: JsonMap;
  } | null;
}

export interface GenerationConfig {
  readonly temperature?: number | null;
  readonly topP?: number | null;
  readonly topK?: number | null;
  readonly maxOutputTokens?: number | null;
  readonly candidateCount?: number | null;
  readonly stopSequences?: readonly string[] | null;
  readonly seed?: number | null;
  readonly presencePenalty?: number | null;
  readonly frequencyPenalty?: number | null;
  readonly responseMimeType?: string | null;
  readonly responseSchema?: JsonMap | null;
  readonly responseJsonSchema?: JsonMap | null;
  readonly responseLogprobs?: boolean | null;
  readonly logprobs?: number | null;
  readonly responseModalities?: readonly string[] | null;
  readonly thinkingConfig?: ThinkingConfig | null;
}

export interface ThinkingConfig {
  readonly includeThoughts?: boolean | null;
  readonly thinkingBudget?: number | null;
  readonly thinkingLevel?: string | null;
}

export interface GeminiTool {
  readonly functionDeclarations?: readonly FunctionDeclaration[] | null;
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly description?: string | null;
  /** In the subset of OpenAPI that the vendor calls Schema. */
  readonly parameters?: JsonMap | null;
  /** The same as JSON schema. */
  readonly parametersJsonSchema?: JsonMap | null;
}

export interface FunctionCallingConfig {
  readonly mode?: string | null;
  readonly allowedFunctionNames?: readonly string[] | null;
}
