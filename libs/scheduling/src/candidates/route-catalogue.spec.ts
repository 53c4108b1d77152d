import { makeJob } from '../specimen/make-job.js';
import { makeDeployment } from '../specimen/make-deployment.js';
import { admitRoute, type AskedRoute } from '../preferences/admit-route.js';
import { policyOf } from './job-needs.js';
import { narrowPlan, RouteCatalogue } from './route-catalogue.js';

const catalogue = new RouteCatalogue(
  [
    { name: 'small', deployments: ['a/small', 'b/small'], maxOutputTokens: 100 },
    { name: 'large', deployments: ['a/large'], maxOutputTokens: 100, fallbacks: ['small'] },
    { name: 'odd:floor', deployments: ['a/small'], maxOutputTokens: 100 },
    {
      name: 'trimmed',
      deployments: ['a/small'],
      maxOutputTokens: 100,
      transforms: [{ trimMessages: { to: 'context' } }],
    },
    { name: 'sticky', deployments: ['a/small', 'b/small'], maxOutputTokens: 100, strategy: 'sticky' },
  ],
  [
    makeDeployment('a/small', { contextTokens: 1_000, region: 'eu', price: { input: 1, output: 2 } }),
    makeDeployment('b/small', { price: { input: 3, output: 4 } }),
    makeDeployment('a/large', { capabilities: { tools: false } }),
  ],
  policyOf([{ id: 'strict', data: { regions: ['eu'] } }]),
);

const job = (more: Parameters<typeof makeJob>[0]) => {
  const planned = catalogue.plan(makeJob(more));
  if (!planned.ok) throw new Error(planned.refusal.message);
  return planned.value;
};

const ask = (summary: object, header?: string, more: Partial<AskedRoute> = {}) =>
  admitRoute(catalogue, {
    tenant: 'acme',
    summary: {
      model: 'small',
      stream: false,
      estimatedInputTokens: 1,
      maxOutputTokens: undefined,
      ...summary,
    },
    ...(header !== undefined && { header }),
    ...more,
  });

describe('RouteCatalogue', () => {
  it('gives all jobs that ask for nothing the same plan, and others one of their own', () => {
    expect(job({})).toBe(job({ id: 'another' }));
    expect(job({}).runsOn).toEqual(['a/small', 'b/small']);
    expect(job({ estimatedInputTokens: 2_000 }).runsOn).toEqual(['b/small']);
    expect(job({ tenant: 'strict' }).runsOn).toEqual(['a/small']);
  });

  it('holds a job whose conversation is trimmed to the room for its answer alone', () => {
    const long = { estimatedInputTokens: 5_000 };
    expect(job({ model: 'trimmed', ...long }).runsOn).toEqual(['a/small']);
    expect(job({ ...long, trims: true }).runsOn).toEqual(['a/small', 'b/small']);
    const answer = { model: 'trimmed', ...long, estimatedOutputTokens: 1_000 };
    expect(catalogue.plan(makeJob(answer))).toMatchObject({ ok: false, refusal: { code: 'unprocessable' } });
  });

  it('keeps jobs apart whose models stand in an order, unless they are sorted over all models', () => {
    expect(job({}).terms).toBeUndefined();
    expect(job({ model: 'large' })).toMatchObject({
      terms: 'large small',
      runsOn: ['a/large', 'a/small', 'b/small'],
    });
    const routing = JSON.stringify({ provider: { sort: { by: 'price', partition: 'none' } } });
    expect(job({ model: 'large', routing }).terms).toBeUndefined();
  });

  it('takes models of the request instead of the configured ones', () => {
    expect(job({ model: 'large', routing: '{"models":[]}' }).runsOn).toEqual(['a/large']);
  });

  it('says which constraint removed which deployment', () => {
    const planned = catalogue.plan(makeJob({ routing: '{"provider":{"zdr":true}}' }));
    expect(planned).toMatchObject({
      ok: false,
      refusal: { code: 'unprocessable', message: expect.stringContaining('a/small by zdr, b/small by zdr') },
    });
    expect(catalogue.plan(makeJob({ model: 'none' }))).toMatchObject({
      refusal: { code: 'model_not_found' },
    });
  });

  it('narrows a plan to some of its deployments', () => {
    const plan = job({ model: 'large' });
    expect(narrowPlan(plan, ['b/small'])).toMatchObject({ runsOn: ['b/small'] });
    expect(narrowPlan(plan, ['b/small']).terms).toBeUndefined();
    expect(narrowPlan(plan, plan.runsOn)).toBe(plan);
  });

  it('estimates the cost at the dearest deployment', () => {
    expect(catalogue.estimatedCost(['a/small', 'b/small'], { inputTokens: 10, outputTokens: 1 })).toBe(34);
    expect(catalogue.estimatedCost([], { inputTokens: 10, outputTokens: 1 })).toBeGreaterThan(0);
  });
});

describe('admitRoute', () => {
  it('notes nothing for a request that says nothing', () => {
    expect(ask({})).toEqual({ ok: true, value: { model: 'small', estimatedOutputTokens: 100 } });
    expect(ask({ needs: { tools: true } })).toEqual({
      ok: true,
      value: { model: 'small', estimatedOutputTokens: 100 },
    });
  });

  it('takes a variant off the name, but not off a model that is called so', () => {
    expect(ask({ model: 'small:floor' })).toMatchObject({
      value: { model: 'small', routing: '{"provider":{"sort":"price"}}' },
    });
    expect(ask({ model: 'odd:floor' })).toEqual({
      ok: true,
      value: { model: 'odd:floor', estimatedOutputTokens: 100 },
    });
  });

  it('lets the body stand above the header, and notes fields that are to be stripped', () => {
    const header = '{"provider":{"only":["a/small"]},"strategy":"cheapest"}';
    const routing = { provider: { only: ['b/small'] }, models: null };
    expect(ask({ routing }, header)).toMatchObject({
      value: { routing: '{"provider":{"only":["b/small"]},"strategy":"cheapest"}' },
    });
    expect(ask({ routing: { provider: null } })).toMatchObject({ value: { routing: '{}' } });
    expect(ask({}, '[]')).toMatchObject({ refusal: { param: 'Penstock-Routing' } });
    expect(ask({}, '{')).toMatchObject({ refusal: { param: 'Penstock-Routing' } });
  });

  it('lets header and body stand above what lies underneath, and notes that a conversation is trimmed', () => {
    const underneath = { provider: { sort: 'price' }, models: ['large'] };
    expect(ask({}, undefined, { underneath, trims: true })).toMatchObject({
      value: { routing: '{"provider":{"sort":"price"},"models":["large"]}', trims: true },
    });
    const header = '{"provider":{"only":["a/small"]}}';
    expect(ask({ routing: { models: ['sticky'] } }, header, { underneath })).toMatchObject({
      value: { routing: '{"provider":{"only":["a/small"]},"models":["sticky"]}' },
    });
    expect(ask({}, undefined, { underneath: { provider: 7 } })).toMatchObject({ ok: false });
  });

  it('notes needs only where a deployment may not meet them', () => {
    const needs = { tools: true } as const;
    expect(ask({ model: 'large', needs })).toMatchObject({ value: { needs } });
    expect(ask({ routing: { models: ['large'] }, needs })).toMatchObject({ value: { needs } });
  });

  it("takes a client's own name for a conversation where the model is sticky", () => {
    expect(ask({ conversation: 'c1' })).not.toHaveProperty('value.routing');
    expect(ask({ model: 'sticky', conversation: 'c1' })).toMatchObject({
      value: { routing: '{"session_id":"c1"}' },
    });
  });
});
