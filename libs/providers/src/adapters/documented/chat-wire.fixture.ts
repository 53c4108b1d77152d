import type { Usage } from '@penstock/contracts';
import { SCHEMA, type Documented, type DocumentedError, type Unified } from './documented.js';

const TEXT = 'The Meuse is high.';
const STOPS = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' } as const;
const COUNTS = { prompt_tokens: 40, completion_tokens: 12, total_tokens: 52 };
export const USAGE: Usage = { inputTokens: 40, outputTokens: 12, source: 'provider' };

/** A chat completion with what one provider adds to it. */
function chat(model: string, usage: object, more: object = {}) {
  return (finish_reason: string) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_717_429_456,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason }],
    usage: { ...COUNTS, ...usage },
    ...more,
  });
}

const REQUEST = {
  model: 'up-model',
  max_tokens: 64,
  temperature: 0.5,
  stop: ['END'],
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'How high?' },
  ],
  tools: [{ type: 'function', function: { name: 'look', parameters: SCHEMA } }],
};

type Place = 'with the end' | 'after the end' | 'in x_groq';

/** The same streamed: the usage comes with the chunk that ends it, or in one of its own behind it. */
function chunks(model: string, usage: object, place: Place): (object | string)[] {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_717_429_456, model };
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
  });
  return [
    chunk({ role: 'assistant', content: '' }, null),
    chunk({ content: 'The Meuse' }, null),
    chunk({ content: ' is high.' }, null),
    ...ending(place, chunk({}, 'stop'), { ...head, choices: [] }, { ...COUNTS, ...usage }),
    '[DONE]',
  ];
}

function ending(place: Place, end: object, empty: object, usage: object): object[] {
  switch (place) {
    case 'with the end':
      return [{ ...end, usage }];
    case 'after the end':
      return [end, { ...empty, usage }];
    case 'in x_groq':
      return [{ ...end, x_groq: { id: 'req_1', usage } }];
  }
}

/** OpenAI's error shape, which most of them have. */
export const error = (message: string, type: string | null, code: string | number | null = null) => ({
  error: { message, type, param: null, code },
});

/** A provider of chat completions, by what it adds to them. */
export function provider(
  adapter: Documented['adapter'],
  sources: readonly string[],
  {
    model,
    request = {},
    unsupported,
    usage = {},
    place = 'after the end',
    more,
    expected = USAGE,
    passedThrough,
    brokenBy,
    stops = {},
    errors,
  }: {
    readonly model: string;
    /** Fields of the request that are otherwise there; undefined for what it has no word for. */
    readonly request?: object;
    readonly unsupported?: readonly string[];
    readonly usage?: object;
    readonly place?: Place;
    readonly more?: object;
    readonly expected?: Usage;
    readonly passedThrough?: Usage;
    readonly brokenBy?: readonly object[];
    readonly stops?: Readonly<Record<string, Unified | 'broken'>>;
    readonly errors: readonly DocumentedError[];
  },
): Documented {
  return {
    adapter,
    sources,
    request: { path: '/base/chat/completions', body: { ...REQUEST, ...request } },
    ...(unsupported && { unsupported }),
    answer: chat(model, usage, more),
    text: TEXT,
    usage: expected,
    ...(passedThrough && { passedThrough }),
    ...(brokenBy && { brokenBy }),
    stops: { ...STOPS, ...stops },
    stream: { events: chunks(model, usage, place), text: TEXT, usage: expected },
    errors,
  };
}
