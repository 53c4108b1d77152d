import { hash32 } from '../../completion/hash.js';
import { countTokens, IMAGE_TOKENS } from '../../completion/count-tokens.js';
import { drawPng } from '../../media/png.js';
import type { PlannedAnswer, Reading, ReadyCall, StreamEvent } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import { mediaDialect, plainUsage, typedEvent } from './media-dialect.js';

const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  auto: [1024, 1024],
  '256x256': [256, 256],
  '512x512': [512, 512],
  '1024x1024': [1024, 1024],
  '1024x1536': [1024, 1536],
  '1536x1024': [1536, 1024],
};

/** Output tokens of a square picture by its quality, as OpenAI counts them for gpt-image-1. */
const QUALITY_TOKENS: Readonly<Record<string, number>> = { low: 272, medium: 1056, high: 4160, auto: 1056 };

interface ImageRequest {
  readonly model: string;
  readonly prompt: string;
  readonly count: number;
  readonly size: string;
  readonly quality: string;
  readonly partialImages: number;
  readonly sources: number;
  readonly event: 'image_generation' | 'image_edit';
}

/** `POST /v1/images/generations`. */
export const imageGenerationsDialect = mediaDialect('openai.images.generations', (body) =>
  readImages(FieldReader.of(body), 'image_generation', 0),
);

/** `POST /v1/images/edits`: a form with pictures, or JSON that points to them. */
export const imageEditsDialect = mediaDialect('openai.images.edits', (body) => {
  const fields = FieldReader.of(body);
  const given = fields.raw('image') ?? fields.raw('images');
  if (given === undefined) fields.reject('image', "Missing required parameter: 'image'.");
  return readImages(fields, 'image_edit', Array.isArray(given) ? given.length : 1);
});

function readImages(fields: FieldReader, event: ImageRequest['event'], sources: number): Reading<ReadyCall> {
  const size = fields.optionalText('size') ?? 'auto';
  const quality = fields.optionalText('quality') ?? 'auto';
  if (!SIZES[size]) fields.reject('size', `Invalid value: '${size}'.`);
  if (QUALITY_TOKENS[quality] === undefined) fields.reject('quality', `Invalid value: '${quality}'.`);
  const request: ImageRequest = {
    model: fields.text('model'),
    prompt: fields.text('prompt'),
    count: wholeOf(fields, 'n', 1, 10) ?? 1,
    ...{ size, quality, sources, event },
    partialImages: wholeOf(fields, 'partial_images', 0, 3) ?? 0,
  };
  const stream = fields.raw('stream') === true || fields.raw('stream') === 'true';
  return fields.outcome({
    model: request.model,
    kind: 'image' as const,
    stream,
    prompt: request.prompt,
    plan: () => planImages(request),
  });
}

/** A number, which in a form is a text. */
function wholeOf(fields: FieldReader, name: string, least: number, most: number): number | undefined {
  const value = fields.raw(name);
  if (typeof value !== 'string') return fields.whole(name, least, most);
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  fields.reject(name, `Invalid value for '${name}': expected an integer from ${least} to ${most}.`);
  return undefined;
}

function planImages(request: ImageRequest): PlannedAnswer {
  const textTokens = countTokens(request.prompt);
  const imageTokens = request.sources * IMAGE_TOKENS;
  const usage = plainUsage(textTokens + imageTokens, request.count * (QUALITY_TOKENS[request.quality] ?? 0));
  const told = {
    input_tokens: usage.inputTokens,
    input_tokens_details: { text_tokens: textTokens, image_tokens: imageTokens },
    output_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  const settings = {
    background: 'opaque',
    output_format: 'png',
    quality: request.quality === 'auto' ? 'medium' : request.quality,
    size: request.size === 'auto' ? '1024x1024' : request.size,
  };
  return {
    usage,
    body: ({ createdAtS, withUsage }) =>
      JSON.stringify({
        created: createdAtS,
        ...settings,
        data: Array.from({ length: request.count }, (_, at) => ({ b64_json: picture(request, at) })),
        ...(withUsage && { usage: told }),
      }),
    *events({ createdAtS, withUsage }): Iterable<StreamEvent> {
      for (let at = 0; at < request.partialImages; at++) {
        const type = `${request.event}.partial_image`;
        const data = { type, b64_json: picture(request, at), created_at: createdAtS, ...settings };
        yield { text: typedEvent({ ...data, partial_image_index: at } as typeof data), tokens: 0 };
      }
      const data = { type: `${request.event}.completed`, b64_json: picture(request, 0), ...settings };
      yield {
        text: typedEvent({
          ...data,
          created_at: createdAtS,
          ...(withUsage && { usage: told }),
        } as typeof data),
        tokens: usage.outputTokens,
      };
    },
  };
}

function picture({ prompt, size }: ImageRequest, at: number): string {
  const [width, height] = SIZES[size] ?? [1024, 1024];
  return drawPng(width, height, hash32(prompt, at + 1)).toString('base64');
}
