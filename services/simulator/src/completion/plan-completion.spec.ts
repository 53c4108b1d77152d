import fc from 'fast-check';

import { modelOf } from '../models/read-model.js';
import type { CompletionRequest } from './completion-request.js';
import { countTokens } from './count-tokens.js';
import { deltasOf } from './deltas.js';
import { readDirectives } from './directives.js';
import { choiceTokens, planCompletion } from './plan-completion.js';

const OUTPUT = modelOf('m', 'chat', { output: { tokens: { uniform: [1, 60] } } }).output;

const WEATHER = {
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const TIME = { name: 'get_time', parameters: {} };

function asking(prompt: string, more: Partial<CompletionRequest> = {}): CompletionRequest {
  return {
    model: 'm',
    inputTokens: countTokens(prompt),
    prompt,
    answersTool: false,
    choices: 1,
    maxOutputTokens: undefined,
    stop: [],
    seed: undefined,
    tools: [],
    toolChoice: 'auto',
    parallelToolCalls: true,
    answerSchema: undefined,
    reasoning: false,
    ...more,
  };
}

function plan(request: CompletionRequest, callSeed = 1) {
  return planCompletion(request, readDirectives(request.prompt), OUTPUT, callSeed);
}

const requests = fc
  .record({
    prompt: fc.constantFrom(
      '',
      'hello',
      '[[reason: 9]]',
      '[[call: get_weather, get_time]]',
      '[[say: one two]]',
      '[[refuse]]',
    ),
    choices: fc.integer({ min: 1, max: 3 }),
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    stop: fc.array(fc.constantFrom('e', ' the', 'zz'), { maxLength: 2 }),
    tools: fc.constantFrom([], [WEATHER, TIME]),
    reasoning: fc.boolean(),
  })
  .map(({ prompt, ...more }) => asking(prompt, more));

describe('the plan of a completion', () => {
  it('charges what its choices are made of, and streams just that', () => {
    fc.assert(
      fc.property(requests, fc.nat(), (request, callSeed) => {
        const { choices, usage } = plan(request, callSeed);
        expect(choices).toHaveLength(request.choices);
        expect(usage.outputTokens).toBe(choices.reduce((sum, choice) => sum + choiceTokens(choice), 0));
        for (const choice of choices) {
          const deltas = [...deltasOf(choice)];
          expect(deltas.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(choiceTokens(choice));
          const text = deltas.map((delta) => (delta.kind === 'text' ? delta.text : '')).join('');
          expect(text).toBe(choice.text);
        }
      }),
    );
  });

  it('keeps to the bound of the caller and says so when it cut', () => {
    fc.assert(
      fc.property(requests, fc.nat(), (request, callSeed) => {
        const bound = request.maxOutputTokens ?? Infinity;
        const whole = plan({ ...request, maxOutputTokens: undefined }, callSeed);
        for (const [i, choice] of plan(request, callSeed).choices.entries()) {
          expect(choiceTokens(choice)).toBeLessThanOrEqual(bound);
          const wasCut = choiceTokens(whole.choices[i]!) > bound;
          expect(choice.finish).toBe(wasCut ? 'length' : whole.choices[i]!.finish);
        }
      }),
    );
  });

  it('never says a stop sequence', () => {
    fc.assert(
      fc.property(requests, fc.nat(), (request, callSeed) => {
        for (const choice of plan(request, callSeed).choices) {
          if (choice.finish === 'stop')
            for (const stop of request.stop) expect(choice.text).not.toContain(stop);
        }
      }),
    );
  });

  it('says the same under the same seed, whatever was said in between, and something else under another', () => {
    const seeded = asking('hello', { seed: 7, choices: 2 });
    expect(plan(seeded, 1)).toEqual(plan(seeded, 2));
    expect(plan(seeded).choices[0]).not.toEqual(plan(seeded).choices[1]);
    expect(plan(seeded)).not.toEqual(plan({ ...seeded, seed: 8 }));
    expect(plan(asking('hello'), 1)).not.toEqual(plan(asking('hello'), 2));
  });

  it('calls the tools that the prompt orders, with what they take', () => {
    const { choices } = plan(asking('[[call: get_weather, get_time]]', { tools: [WEATHER, TIME] }));
    expect(choices[0]).toMatchObject({ text: '', finish: 'tool_calls' });
    expect(choices[0]!.toolCalls.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
    expect(JSON.parse(choices[0]!.toolCalls[0]!.input)).toEqual({ city: expect.any(String) });
  });

  it('calls with the input that the prompt gives, and not a tool that was not offered', () => {
    const prompt = '[[call: get_weather {"city":"Ghent"}]] [[call: delete_all]]';
    const { choices } = plan(asking(prompt, { tools: [WEATHER] }));
    expect(choices[0]!.toolCalls).toEqual([{ name: 'get_weather', input: '{"city":"Ghent"}' }]);
  });

  it.each([
    ['none', 0],
    ['auto', 0],
    ['required', 1],
    [{ name: 'get_time' }, 1],
  ] as const)('with tool choice %j and no order makes %i calls', (toolChoice, calls) => {
    const { choices } = plan(asking('hello', { tools: [WEATHER, TIME], toolChoice }));
    expect(choices[0]!.toolCalls).toHaveLength(calls);
  });

  it('makes one call where parallel calls are off, and none in answer to a tool', () => {
    const prompt = '[[call: get_weather, get_time]]';
    const tools = [WEATHER, TIME];
    expect(plan(asking(prompt, { tools, parallelToolCalls: false })).choices[0]!.toolCalls).toHaveLength(1);
    expect(plan(asking(prompt, { tools, answersTool: true })).choices[0]).toMatchObject({ finish: 'stop' });
  });

  it('thinks before it speaks when asked to, and counts it', () => {
    const { choices, usage } = plan(asking('[[reason: 12]] [[tokens: 5]]'));
    expect(usage).toMatchObject({ outputTokens: 17, reasoningTokens: 12 });
    expect(countTokens(choices[0]!.reasoning)).toBe(12);
  });

  it('never reads more from the cache than there is input', () => {
    expect(plan(asking('[[cached: 5000]]')).usage).toMatchObject({ inputTokens: 4, cachedTokens: 4 });
  });
});
