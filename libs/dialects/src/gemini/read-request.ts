import { refusal, type Read, type RequestSummary } from '@penstock/contracts';
import type { RequestAddress } from '../dialect.js';
import { TokenTally } from '../estimate-tokens.js';
import { isObject, type JsonObject } from '../json/check.js';
import { readWishes } from '../routing/read-wishes.js';
import { parseJsonObject, passing } from '../json/read-json.js';
import { checkGenerateRequest } from './check-request.js';
import { camelCaseFields } from './proto-json.js';
import type { Content, GenerateRequest, Part } from './request.js';

/** The body with camelCase names, once it has passed its check. */
export function readGenerateBody(body: Uint8Array): Read<GenerateRequest> {
  const parsed = parseJsonObject(body);
  return parsed.ok ? checked(camelCaseFields(parsed.value)) : parsed;
}

/**
 * The request that a `countTokens` body asks about, as the body of `generateContent`: the body itself, or what is in
 * its `generateContentRequest`.
 */
export function readCountedRequest(body: Uint8Array): Read<Uint8Array> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const { generateContentRequest: whole } = camelCaseFields(parsed.value);
  return { ok: true, value: isObject(whole) ? Buffer.from(JSON.stringify(whole)) : body };
}

function checked(request: JsonObject): Read<GenerateRequest> {
  const read = passing(request, checkGenerateRequest);
  return read.ok ? { ok: true, value: read.value as unknown as GenerateRequest } : read;
}

/**
 * What admission has to know of a `generateContent` body. Model and stream stand in the path of the URL, so
 * that whoever has seen it passes them; a body that comes without a URL names its model in `model`.
 */
export function readGenerateRequest(body: Uint8Array, address?: RequestAddress): Read<RequestSummary> {
  const read = readGenerateBody(body);
  if (!read.ok) return read;
  const request = read.value;
  const model = address?.model ?? request.model?.replace(/^models\//, '');
  if (!model) {
    const message = "Missing required parameter: 'model'.";
    return { ok: false, refusal: refusal('invalid_request', { param: 'model', message }) };
  }
  const { maxOutputTokens, candidateCount, responseSchema, responseJsonSchema } =
    request.generationConfig ?? {};
  const tally = tallyOf(request);
  return {
    ok: true,
    value: {
      model,
      stream: address?.stream ?? false,
      estimatedInputTokens: tally.total(),
      maxOutputTokens: maxOutputTokens ? maxOutputTokens * (candidateCount ?? 1) : undefined,
      ...readWishes(request as unknown as JsonObject, {
        tools: Boolean(request.tools?.length),
        vision: tally.hasImages,
        jsonSchema: Boolean(responseSchema ?? responseJsonSchema),
      }),
    },
  };
}

function tallyOf({ contents, systemInstruction, tools, generationConfig }: GenerateRequest): TokenTally {
  const tally = new TokenTally();
  if (systemInstruction) countContent(systemInstruction, tally);
  for (const content of contents) countContent(content, tally);
  if (tools) tally.json(tools);
  tally.json(generationConfig?.responseSchema ?? generationConfig?.responseJsonSchema ?? undefined);
  return tally;
}

function countContent({ parts }: Content, tally: TokenTally): void {
  tally.message();
  for (const part of parts ?? []) countPart(part, tally);
}

function countPart(part: Part, tally: TokenTally): void {
  if (part.text) tally.text(part.text);
  if (part.functionCall) tally.json(part.functionCall);
  if (part.functionResponse) tally.json(part.functionResponse);
  const mediaType = part.inlineData?.mimeType ?? (part.fileData ? (part.fileData.mimeType ?? '') : undefined);
  if (mediaType === undefined) return;
  tally.attachment(
    mediaType.startsWith('image/') ? 'image' : mediaType.startsWith('audio/') ? 'audio' : 'file',
  );
}
