import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startStack, type Stack } from '../stack/start-stack.js';
import { examplesOf } from './readme/examples.js';
import { runExample } from './readme/run-example.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

interface ChatAnswer {
  readonly object: string;
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

const parse = (text: string | undefined) => JSON.parse(text ?? '') as unknown;

/** What each example has to print. */
const CHECKS: Readonly<Record<string, (printed: string) => void>> = {
  sync(printed) {
    const answer = parse(printed) as ChatAnswer;
    expect(answer.object).toBe('chat.completion');
    expect(answer.choices[0]?.message.content).toBeTruthy();
  },
  stream(printed) {
    const events = printed.trim().split('\n\n');
    expect(events.length).toBeGreaterThan(2);
    expect(events.every((event) => event.startsWith('data: '))).toBe(true);
    expect(events.at(-1)).toBe('data: [DONE]');
  },
  client(printed) {
    const [answer, ...streamed] = printed.split('\n');
    expect(answer).toBeTruthy();
    expect(streamed.join('')).toBeTruthy();
  },
  job(printed) {
    const [view, result, cancelled] = printed.split(/(?<=\})(?=\{)/).map(parse);
    expect(view).toMatchObject({ object: 'job', state: 'succeeded', class: 'batch', attempts: 1 });
    expect(result).toMatchObject({ object: 'chat.completion' });
    expect(cancelled).toMatchObject({ state: 'succeeded' });
  },
  publish(printed) {
    expect(printed).toContain('"stream":"LANES"');
    expect(printed).toContain('Penstock-Outcome: succeeded');
    expect(printed).toContain('"object":"chat.completion"');
  },
  publisher(printed) {
    expect(printed).toMatch(/^accepted as number \d+ of LANES\n/);
    expect(printed).toContain('data: [DONE]');
    expect(printed).toContain('\norder-18 succeeded\n');
    expect(printed).toMatch(/\nsucceeded 200 \d{3,}\n$/);
  },
  batch(printed) {
    const lines = printed.trim().split('\n').map(parse) as { custom_id: string }[];
    expect(lines.map((line) => line.custom_id).sort()).toEqual(['line-1', 'line-2', 'line-3']);
    for (const line of lines) expect(line).toMatchObject({ response: { status_code: 200 }, error: null });
  },
};

describe('README.md', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await startStack()));
  afterAll(() => stack.close());

  const examples = examplesOf(README);

  it('names every example, and each has its check', () => {
    expect(examples.map(({ name }) => name)).toEqual(Object.keys(CHECKS));
  });

  it.each(examples)('has an example that works: $name', async (example) => {
    const printed = await runExample(example, {
      URL: stack.url,
      KEY: stack.keys.acme,
      NATS_URL: stack.natsUrl,
    });
    CHECKS[example.name]?.(printed);
  });
});
