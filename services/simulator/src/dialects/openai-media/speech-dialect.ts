import { countTokens } from '../../completion/count-tokens.js';
import { isSoundFormat, makeSound, SOUND_TYPES } from '../../media/sound.js';
import type { StreamEvent } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import { mediaDialect, plainUsage, typedEvent } from './media-dialect.js';

/** How fast the simulator speaks, in characters a second of sound. */
const CHARACTERS_PER_SECOND = 15;

/** Output tokens of a second of sound. */
const TOKENS_PER_SECOND = 20;

/** Sound in one event of a stream. */
const EVENT_BYTES = 4096;

/** `POST /v1/audio/speech`: silence as long as the text, as bytes or in events. */
export const speechDialect = mediaDialect('openai.audio.speech', (body) => {
  const fields = FieldReader.of(body);
  const model = fields.text('model');
  const input = fields.text('input');
  if (!fields.has('voice')) fields.reject('voice', "Missing required parameter: 'voice'.");
  const format = fields.optionalText('response_format') ?? 'mp3';
  if (!isSoundFormat(format)) {
    const known = Object.keys(SOUND_TYPES).join(', ');
    fields.reject('response_format', `The simulator makes ${known}, not '${format}'.`);
  }
  const speed = fields.number('speed', 0.25, 4) ?? 1;
  const stream = fields.optionalText('stream_format') === 'sse';
  const seconds = input.length / CHARACTERS_PER_SECOND / speed;
  const usage = plainUsage(countTokens(input), Math.ceil(seconds * TOKENS_PER_SECOND));
  const { inputTokens, outputTokens } = usage;
  const sound = () => makeSound(isSoundFormat(format) ? format : 'mp3', seconds);
  return fields.outcome({
    model,
    kind: 'speech' as const,
    stream,
    prompt: input,
    plan: () => ({
      usage,
      media: { type: isSoundFormat(format) ? SOUND_TYPES[format] : '', encoding: 'latin1' as const },
      body: () => sound().toString('latin1'),
      *events({ withUsage }): Iterable<StreamEvent> {
        const bytes = sound();
        for (let at = 0; at < bytes.length; at += EVENT_BYTES) {
          const audio = bytes.toString('base64', at, at + EVENT_BYTES);
          const data = { type: 'speech.audio.delta', audio };
          yield { text: typedEvent(data), tokens: at === 0 ? outputTokens : 0 };
        }
        const told = { input_tokens: inputTokens, output_tokens: outputTokens };
        const done = { type: 'speech.audio.done', ...(withUsage && { usage: total(told) }) };
        yield { text: typedEvent(done), tokens: 0 };
      },
    }),
  });
});

function total(usage: { readonly input_tokens: number; readonly output_tokens: number }) {
  return { ...usage, total_tokens: usage.input_tokens + usage.output_tokens };
}
