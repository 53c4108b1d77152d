import type { CanonicalCall } from '@penstock/contracts';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ProviderPackage } from './package-model.js';

/**
 * A canonical call as a provider package takes it: its shapes are the package's own, only what Penstock has its own
 * fields for becomes options of the package.
 */
export function callOptions(
  call: CanonicalCall,
  target: Pick<ProviderPackage, 'family' | 'options'>,
): LanguageModelV4CallOptions {
  const {
    reasoningBudgetTokens: _1,
    parallelToolCalls: _2,
    topLogprobs: _3,
    user: _4,
    metadata: _5,
    ...shared
  } = call;
  const options = target.options(call);
  const given = {
    ...shared,
    ...(Object.keys(options).length > 0 && { providerOptions: { [target.family]: options } }),
  };
  // The canonical form is the package's, but promises not to change it.
  return given as unknown as LanguageModelV4CallOptions;
}
