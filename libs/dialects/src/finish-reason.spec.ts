import { identity, json, translation } from './testing/answers.js';

describe('why the model stopped', () => {
  const reasons = (api: Parameters<typeof translation>[0], path: (answer: never) => unknown) =>
    (['stop', 'length', 'content-filter', 'tool-calls', 'other'] as const).map((unified) =>
      path(json(translation(api).renderResult({ content: [], finishReason: { unified } }, identity))),
    );

  it('has a word in each dialect', () => {
    const choice = (answer: { choices: [{ finish_reason: string }] }) => answer.choices[0].finish_reason;
    expect(reasons('openai.chat', choice)).toEqual([
      'stop',
      'length',
      'content_filter',
      'tool_calls',
      'stop',
    ]);
    expect(reasons('openai.completions', choice)).toEqual([
      'stop',
      'length',
      'content_filter',
      'stop',
      'stop',
    ]);
    expect(reasons('anthropic.messages', (answer: { stop_reason: string }) => answer.stop_reason)).toEqual([
      'end_turn',
      'max_tokens',
      'refusal',
      'tool_use',
      'end_turn',
    ]);
    expect(
      reasons(
        'gemini.generate',
        (answer: { candidates: [{ finishReason: string }] }) => answer.candidates[0].finishReason,
      ),
    ).toEqual(['STOP', 'MAX_TOKENS', 'SAFETY', 'STOP', 'OTHER']);
    expect(
      reasons(
        'openai.responses',
        (answer: { status: string; incomplete_details: { reason: string } | null }) => [
          answer.status,
          answer.incomplete_details?.reason,
        ],
      ),
    ).toEqual([
      ['completed', undefined],
      ['incomplete', 'max_output_tokens'],
      ['incomplete', 'content_filter'],
      ['completed', undefined],
      ['completed', undefined],
    ]);
  });

  it("is a stop sequence in Anthropic's where the provider tells", () => {
    const finishReason = { unified: 'stop', stopSequence: 'END' } as const;
    expect(
      json(translation('anthropic.messages').renderResult({ content: [], finishReason }, identity)),
    ).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    });
  });
});
