import { ListeningProxy } from '../stack/listening-proxy.js';
import { postToStack, type PostToStack } from '../stack/post-to-stack.js';
import { startStack, STACK_DEPLOYMENTS, type Stack } from '../stack/start-stack.js';
import type { RuleSources } from '@penstock/transforms';

const PRICE = { input: 0.15, output: 0.6 };
const LIMITS = { concurrency: 64 };

const RULES: RuleSources = {
  tenants: [
    { id: 'acme' },
    {
      id: 'globex',
      transforms: [
        { set: { user: 'tenant' } },
        { set: { path: 'tenant' }, on: 'response' },
        { prependSystem: 'You work for Globex.' },
      ],
    },
  ],
  models: {
    plain: {},
    shaped: {
      transforms: [
        { rename: { from: 'max_tokens', to: 'max_completion_tokens' }, apis: ['openai.chat'] },
        { default: { temperature: 0.2 } },
        { set: { top_p: 0.9 } },
        { drop: ['logit_bias'] },
        { clamp: { presence_penalty: { min: -1, max: 1 } } },
        { jsonata: '$merge([$, { "seed": seed + 1 }])', apis: ['openai.chat'] },
        { prependSystem: 'Be kind.' },
        { rename: { from: 'system_fingerprint', to: 'fingerprint' }, on: 'response' },
        { default: { region: 'here' }, on: 'response' },
        { drop: ['choices.*.logprobs'], on: 'response' },
        { clamp: { created: { max: 1 } }, on: 'response' },
        { jsonata: '$merge([$, { "whole": true }])', on: 'answer' },
        { jsonata: '$merge([$, { "streamed": true }])', on: 'event' },
      ],
    },
    ruled: {
      transforms: [{ set: { user: 'model' } }, { set: { path: 'model', model_rule: 1 }, on: 'response' }],
    },
    short: { transforms: [{ trimMessages: { to: 'context' } }] },
    unsendable: { transforms: [{ jsonata: 'nothing' }] },
    unreadable: { transforms: [{ jsonata: 'nothing', on: 'response' }] },
  },
  providers: {
    wired: { transforms: [{ set: { user: 'provider' } }, { set: { path: 'provider' }, on: 'response' }] },
    anthropic: { transforms: [{ set: { metadata: { user_id: 'wire' } } }] },
  },
  presets: {
    support: {
      latest: '2',
      versions: {
        '1': { model: 'plain', system: 'First.', fields: { temperature: 0.1 } },
        '2': {
          model: 'plain',
          system: 'Second.',
          fields: { temperature: 0.2, 'metadata.team': 'support' },
          transforms: [{ set: { answered_by: 'support' }, on: 'response' }],
        },
      },
    },
  },
};

const on = (model: string, ...deployments: string[]) => ({
  name: model,
  deployments,
  maxOutputTokens: 64,
  ...(RULES.models?.[model]?.transforms && { transforms: RULES.models[model].transforms }),
});

/** A stack with rules at every place, and what its provider is sent. */
export interface RuledStack {
  readonly stack: Stack;
  readonly proxy: ListeningProxy;
  /** Posts a request with a short conversation; by default to chat completions, as acme. */
  call(body: object, more?: Partial<PostToStack>): Promise<Answered>;
  close(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly events: readonly Record<string, unknown>[];
}

export const messages = [{ role: 'user', content: 'Say something short.' }];

/** What makes a call one of Anthropic's. */
export const anthropic = { path: '/v1/messages', headers: { 'anthropic-version': '2023-06-01' } };

export async function startRuledStack(): Promise<RuledStack> {
  const proxy = new ListeningProxy();
  const stack = await startStack({
    through: proxy.before,
    providers: {
      simulator: { adapter: 'openai', path: '/v1' },
      wired: { adapter: 'openai', path: '/v1' },
      anthropic: { adapter: 'anthropic', path: '/v1' },
    },
    deployments: [
      ...STACK_DEPLOYMENTS,
      ...['wired', 'anthropic', 'short'].map((id) => ({
        id: `${id}/small`,
        provider: id === 'short' ? 'simulator' : id,
        upstreamModel: 'sim-small',
        price: PRICE,
        limits: LIMITS,
        ...(id === 'short' && { contextTokens: 300 }),
      })),
    ],
    models: [
      on('plain', 'simulator/small'),
      on('shaped', 'simulator/small'),
      on('ruled', 'wired/small'),
      on('claude', 'anthropic/small'),
      on('short', 'short/small'),
      on('unsendable', 'simulator/small'),
      on('unreadable', 'simulator/small'),
    ],
    rules: RULES,
  });
  return {
    stack,
    proxy,
    call: async (body, more) => {
      const response = await postToStack(stack, { body: { messages, ...body }, ...more });
      const text = await response.text();
      const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(
        ([, data]) => JSON.parse(data ?? '') as Record<string, unknown>,
      );
      const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
      return { status: response.status, headers: response.headers, text, json, events };
    },
    async close() {
      await stack.close();
      await proxy.close();
    },
  };
}
