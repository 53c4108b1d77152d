import type { RoutingPreferences } from '../preferences/routing-preferences.js';
import { makeDeployment, makeRequest, makeRoute } from '../specimen/make-deployment.js';
import type { DeploymentProfile } from './deployment-profile.js';
import type { DataPolicy, JobNeeds } from './job-needs.js';
import { noCandidateRefusal, screenCandidates } from './screen-candidates.js';

function removedBy(
  profile: Partial<DeploymentProfile>,
  asked: { provider?: RoutingPreferences['provider']; needs?: Partial<JobNeeds>; policy?: DataPolicy },
) {
  const request = makeRequest([makeRoute([makeDeployment('acme/eu/small', profile)])], {
    preferences: asked.provider ? { provider: asked.provider } : {},
    needs: { inputTokens: 1_000, outputTokens: 1_000, ...asked.needs },
    policy: asked.policy ?? {},
  });
  return screenCandidates(request).removed[0]?.constraint;
}

describe('screenCandidates', () => {
  it('takes a name for a provider, for a deployment, and for all deployments below it', () => {
    expect(removedBy({}, { provider: { only: ['acme'] } })).toBeUndefined();
    expect(removedBy({}, { provider: { only: ['acme/eu'] } })).toBeUndefined();
    expect(removedBy({}, { provider: { only: ['acme/eu/small'] } })).toBeUndefined();
    expect(removedBy({}, { provider: { only: ['acme/us'] } })).toBe('only');
    expect(removedBy({}, { provider: { ignore: ['acme/eu'] } })).toBe('ignore');
    expect(removedBy({}, { provider: { order: ['other'], allow_fallbacks: false } })).toBe('order');
    expect(removedBy({}, { provider: { order: ['other'] } })).toBeUndefined();
  });

  it('holds capabilities against what the job needs, and takes what is not stated to be there', () => {
    expect(removedBy({}, { needs: { tools: true, vision: true, jsonSchema: true } })).toBeUndefined();
    expect(removedBy({ capabilities: { tools: false } }, { needs: { tools: true } })).toBe('tools');
    expect(removedBy({ capabilities: { tools: false } }, {})).toBeUndefined();
    expect(removedBy({ capabilities: { vision: false } }, { needs: { vision: true } })).toBe('vision');
    expect(removedBy({ capabilities: { jsonSchema: false } }, { needs: { jsonSchema: true } })).toBe(
      'json_schema',
    );
    expect(removedBy({ contextTokens: 1_999 }, {})).toBe('context_length');
    expect(removedBy({ contextTokens: 2_000 }, {})).toBeUndefined();
  });

  it('requires parameters only when asked to', () => {
    const capabilities = { parameters: ['temperature'] };
    const needs = { parameters: ['temperature', 'seed'] };
    expect(removedBy({ capabilities }, { needs })).toBeUndefined();
    expect(removedBy({ capabilities }, { needs, provider: { require_parameters: true } })).toBe(
      'require_parameters',
    );
  });

  it('takes no promise about data for given that nobody made', () => {
    expect(removedBy({}, { provider: { zdr: true } })).toBe('zdr');
    expect(removedBy({}, { policy: { zeroRetention: true } })).toBe('zdr');
    expect(removedBy({ terms: { keepsNothing: true } }, { provider: { zdr: true } })).toBeUndefined();
    expect(removedBy({}, { provider: { data_collection: 'deny' } })).toBe('data_collection');
    expect(removedBy({ terms: { doesNotTrain: true } }, { policy: { noTraining: true } })).toBeUndefined();
    expect(removedBy({}, { policy: { regions: ['eu'] } })).toBe('region');
    expect(removedBy({ region: 'us' }, { policy: { regions: ['eu'] } })).toBe('region');
    expect(removedBy({ region: 'eu' }, { policy: { regions: ['eu'] } })).toBeUndefined();
    expect(removedBy({}, { provider: { enforce_distillable_text: true } })).toBe('enforce_distillable_text');
  });

  it('holds prices and quantizations to what was asked', () => {
    const price = { input: 3, output: 15 };
    expect(removedBy({ price }, { provider: { max_price: { prompt: 2 } } })).toBe('max_price');
    expect(removedBy({ price }, { provider: { max_price: { prompt: 3, completion: 15 } } })).toBeUndefined();
    expect(removedBy({ surcharge: { request: 0.1 } }, { provider: { max_price: { request: 0 } } })).toBe(
      'max_price',
    );
    expect(removedBy({}, { provider: { quantizations: ['fp8'] } })).toBe('quantizations');
    expect(removedBy({}, { provider: { quantizations: ['unknown'] } })).toBeUndefined();
    expect(removedBy({ quantization: 'fp8' }, { provider: { quantizations: ['fp8'] } })).toBeUndefined();
  });

  it('says which constraint removed which deployment', () => {
    const routes = [makeRoute([makeDeployment('a/1'), makeDeployment('b/1', { contextTokens: 10 })])];
    const { allowed, removed } = screenCandidates(
      makeRequest(routes, { preferences: { provider: { ignore: ['a'] } } }),
    );
    expect(allowed).toEqual([]);
    expect(noCandidateRefusal('small', removed)).toEqual({
      code: 'unprocessable',
      message: 'No deployment of small is left: removed a/1 by ignore, b/1 by context_length.',
    });
    expect(noCandidateRefusal('small', removed.slice(0, 1)).param).toBe('provider.ignore');
  });
});
