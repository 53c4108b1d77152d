import { readRequest } from '../read-request.js';

const bytes = (body: object) => new TextEncoder().encode(JSON.stringify(body));

const summary = (api: Parameters<typeof readRequest>[0], more: object) => {
  const read = readRequest(
    api,
    bytes({
      model: 'm',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'x' }],
      input: 'x',
      prompt: 'x',
      ...more,
    }),
  );
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
};

describe('labels', () => {
  it.each([
    ['openai.chat', { user: 'u-1', metadata: { run: '7' } }, { user: 'u-1', metadata: { run: '7' } }],
    ['openai.responses', { user: 'old', safety_identifier: 'new' }, { user: 'new' }],
    ['openai.embeddings', { user: 'u-1' }, { user: 'u-1' }],
    ['openai.completions', { user: 'u-1' }, { user: 'u-1' }],
    ['anthropic.messages', { metadata: { user_id: 'u-1' } }, { user: 'u-1' }],
    ['openai.images.generations', { user: 'u-1' }, { user: 'u-1' }],
  ] as const)('of %s', (api, more, labels) => {
    expect(summary(api, more).labels).toEqual(labels);
  });

  it('are bounded, and nothing but texts', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, 'v'.repeat(600)]));
    const { labels } = summary('openai.chat', { user: 'u'.repeat(900), metadata: { n: 1, o: {}, ...many } });
    expect(labels?.user).toHaveLength(256);
    expect(Object.keys(labels?.metadata ?? {})).toHaveLength(16);
    expect(labels?.metadata?.['k0']).toHaveLength(512);
    expect(summary('openai.chat', {})).not.toHaveProperty('labels');
  });
});
