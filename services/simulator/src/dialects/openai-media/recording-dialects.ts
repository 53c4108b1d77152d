import { countTokens, splitTokens } from '../../completion/count-tokens.js';
import { passage } from '../../completion/corpus.js';
import { hash32 } from '../../completion/hash.js';
import type { PlannedAnswer, ReadyCall, Reading, StreamEvent } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import type { FormFile } from '../../exchange/parse-body.js';
import { mediaDialect, plainUsage, typedEvent } from './media-dialect.js';

/** The simulator takes every recording for one of 16,000 bytes a second, and counts a token for a tenth of it. */
const BYTES_PER_SECOND = 16_000;
const TOKENS_PER_SECOND = 10;
const CHARACTERS_PER_SECOND = 15;

const FORMATS = ['json', 'text', 'srt', 'vtt', 'verbose_json'] as const;

type Format = (typeof FORMATS)[number];

/** `POST /v1/audio/transcriptions`: plain words, as many as the recording is long, the same for the same bytes. */
export const transcriptionsDialect = mediaDialect('openai.audio.transcriptions', (body) =>
  readRecording(FieldReader.of(body), 'transcribe'),
);

/** `POST /v1/audio/translations`. */
export const translationsDialect = mediaDialect('openai.audio.translations', (body) =>
  readRecording(FieldReader.of(body), 'translate'),
);

function readRecording(fields: FieldReader, task: 'transcribe' | 'translate'): Reading<ReadyCall> {
  const model = fields.text('model');
  const file = fields.raw('file') as Partial<FormFile> | undefined;
  const content = file?.content instanceof Buffer ? file.content : Buffer.alloc(0);
  if (content.length === 0) fields.reject('file', "Missing required parameter: 'file'.");
  const format = fields.optionalText('response_format') ?? 'json';
  if (!isFormat(format)) fields.reject('response_format', `Invalid value: '${format}'.`);
  const prompt = fields.optionalText('prompt') ?? '';
  const seconds = content.length / BYTES_PER_SECOND;
  const text = passage(
    hash32(`${content.toString('latin1', 0, 4096)} ${task}`, 1),
    Math.max(8, Math.round(seconds * CHARACTERS_PER_SECOND)),
  );
  return fields.outcome({
    model,
    kind: 'transcription' as const,
    stream: fields.raw('stream') === 'true',
    prompt,
    plan: () => planTranscript(text, seconds, prompt, isFormat(format) ? format : 'json', task),
  });
}

function isFormat(value: string): value is Format {
  return (FORMATS as readonly string[]).includes(value);
}

function planTranscript(
  text: string,
  seconds: number,
  prompt: string,
  format: Format,
  task: string,
): PlannedAnswer {
  const audioTokens = Math.ceil(seconds * TOKENS_PER_SECOND);
  const usage = plainUsage(audioTokens + countTokens(prompt), countTokens(text));
  const told = {
    type: 'tokens',
    input_tokens: usage.inputTokens,
    input_token_details: { audio_tokens: audioTokens, text_tokens: usage.inputTokens - audioTokens },
    output_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  const isText = format === 'text' || format === 'srt' || format === 'vtt';
  return {
    usage,
    ...(isText && { media: { type: 'text/plain; charset=utf-8', encoding: 'utf8' as const } }),
    body: ({ withUsage }) => {
      switch (format) {
        case 'json':
          return JSON.stringify({ text, ...(withUsage && { usage: told }) });
        case 'verbose_json': {
          const segment = { id: 0, seek: 0, start: 0, end: seconds, text, tokens: [], temperature: 0 };
          const rest = { avg_logprob: -0.1, compression_ratio: 1, no_speech_prob: 0 };
          const duration = { type: 'duration', seconds: Math.ceil(seconds) };
          return JSON.stringify({
            ...{ task, language: 'english', duration: seconds, text, segments: [{ ...segment, ...rest }] },
            ...(withUsage && { usage: duration }),
          });
        }
        case 'text':
          return `${text}\n`;
        case 'srt':
          return `1\n${instant(0, ',')} --> ${instant(seconds, ',')}\n${text}\n\n`;
        case 'vtt':
          return `WEBVTT\n\n${instant(0, '.')} --> ${instant(seconds, '.')}\n${text}\n\n`;
      }
    },
    *events({ withUsage }): Iterable<StreamEvent> {
      for (const delta of splitTokens(text)) {
        const data = { type: 'transcript.text.delta', delta };
        yield { text: typedEvent(data), tokens: 1 };
      }
      const done = { type: 'transcript.text.done', text, ...(withUsage && { usage: told }) };
      yield { text: typedEvent(done), tokens: 0 };
    },
  };
}

/** Hours, minutes, seconds and milliseconds, as subtitles write them. */
function instant(seconds: number, point: string): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const ms = String(Math.floor((seconds % 1) * 1_000)).padStart(3, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${point}${ms}`;
}
