import { hash32 } from '../../completion/hash.js';
import { countTokens } from '../../completion/count-tokens.js';
import { FieldReader } from '../field-reader.js';
import { mediaDialect, plainUsage } from './media-dialect.js';

const MOST_INPUTS = 2048;

/** OpenAI's categories, each with words that make the simulator flag a text for it. */
const CATEGORIES: Readonly<Record<string, RegExp | undefined>> = {
  harassment: /\bidiots?\b/i,
  'harassment/threatening': undefined,
  hate: undefined,
  'hate/threatening': undefined,
  illicit: undefined,
  'illicit/violent': undefined,
  'self-harm': undefined,
  'self-harm/intent': undefined,
  'self-harm/instructions': undefined,
  sexual: undefined,
  'sexual/minors': undefined,
  violence: /\b(kill|attack|bomb)/i,
  'violence/graphic': undefined,
};

/** `POST /v1/moderations`. A text is flagged by its words, and scored by its hash. Costs nothing at OpenAI. */
export const moderationsDialect = mediaDialect('openai.moderations', (body) => {
  const fields = FieldReader.of(body);
  const model = fields.optionalText('model') ?? 'omni-moderation-latest';
  const inputs = readInputs(fields);
  return fields.outcome({
    model,
    kind: 'moderation' as const,
    stream: false,
    prompt: inputs[0] ?? '',
    plan: () => ({
      usage: plainUsage(
        inputs.reduce((sum, input) => sum + countTokens(input), 0),
        0,
      ),
      body: ({ id }) => JSON.stringify({ id: `modr-${id}`, model, results: inputs.map(moderate) }),
      events: () => [],
    }),
  });
});

/** A text, several, or one made of parts, of which pictures are looked at as nothing. */
function readInputs(fields: FieldReader): string[] {
  const value = fields.raw('input');
  if (!Array.isArray(value) || typeof value[0] !== 'object') {
    if (value === undefined) fields.text('input');
    return fields.texts('input', MOST_INPUTS);
  }
  return [
    fields
      .list('input')
      .map((part) => part.optionalText('text') ?? '')
      .join('\n'),
  ];
}

function moderate(text: string) {
  const categories = Object.entries(CATEGORIES).map(
    ([name, words]) => [name, words?.test(text) === true] as const,
  );
  return {
    flagged: categories.some(([, found]) => found),
    categories: Object.fromEntries(categories),
    category_scores: Object.fromEntries(
      categories.map(([name, found]) => [name, found ? 0.98 : (hash32(text + name, 1) % 1000) / 1e6]),
    ),
    category_applied_input_types: Object.fromEntries(categories.map(([name]) => [name, ['text']])),
  };
}
