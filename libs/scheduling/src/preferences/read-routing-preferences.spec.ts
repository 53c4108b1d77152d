import { readModelName, withVariant } from './model-name.js';
import {
  parseRoutingPreferences,
  readRoutingPreferences,
  type KnownNames,
} from './read-routing-preferences.js';

const known: KnownNames = {
  isDeployment: (name) => ['acme', 'acme/small', 'other'].includes(name),
  isModel: (name) => name === 'small',
};

function refusalOf(value: unknown) {
  const read = readRoutingPreferences(value, known);
  return read.ok ? undefined : { code: read.refusal.code, param: read.refusal.param };
}

describe('readRoutingPreferences', () => {
  it('reads every field of OpenRouter’s provider object, and what is Penstock’s own', () => {
    const value = {
      provider: {
        order: ['acme'],
        only: ['acme'],
        ignore: ['other'],
        allow_fallbacks: false,
        require_parameters: true,
        data_collection: 'deny',
        zdr: true,
        enforce_distillable_text: false,
        quantizations: ['fp8', 'unknown'],
        sort: { by: 'price', partition: 'none' },
        preferred_min_throughput: { p50: 100, p90: 50 },
        preferred_max_latency: 2,
        max_price: { prompt: 1, completion: 2, request: 0, image: 0 },
        hedge: { after_ms: 800 },
      },
      models: ['small'],
      strategy: 'least-loaded',
      session_id: 'chat-1',
    };
    expect(readRoutingPreferences(value, known)).toEqual({ ok: true, value });
  });

  it.each([
    [{ provider: { order: 'acme' } }, 'provider.order'],
    [{ provider: { order: ['acme', 7] } }, 'provider.order[1]'],
    [{ provider: { only: [] } }, 'provider.only'],
    [{ provider: { allow_fallbacks: 'no' } }, 'provider.allow_fallbacks'],
    [{ provider: { data_collection: 'never' } }, 'provider.data_collection'],
    [{ provider: { quantizations: ['fp7'] } }, 'provider.quantizations[0]'],
    [{ provider: { sort: 'best' } }, 'provider.sort'],
    [{ provider: { max_price: { prompt: -1 } } }, 'provider.max_price.prompt'],
    [{ provider: { max_price: { promt: 1 } } }, 'provider.max_price.promt'],
    [{ provider: { zrd: true } }, 'provider.zrd'],
    [{ provider: [] }, 'provider'],
    [{ strategy: 'best' }, 'strategy'],
    [{ provider: { order: ['acme', 'nobody'] } }, 'provider.order[1]'],
    [{ provider: { ignore: ['nobody'] } }, 'provider.ignore[0]'],
  ])('refuses %j and names the field', (value, param) => {
    expect(refusalOf(value)).toEqual({ code: 'invalid_request', param });
  });

  it.each([
    [{ provider: { only: ['acme'], ignore: ['acme'] } }, 'provider.only[0]'],
    [{ provider: { order: ['other', 'acme'], ignore: ['acme'] } }, 'provider.order[1]'],
    [{ provider: { order: ['acme', 'other'], only: ['acme'] } }, 'provider.order[1]'],
    [{ provider: { order: [], allow_fallbacks: false } }, 'provider.order'],
  ])('refuses %j, which contradicts itself', (value, param) => {
    expect(refusalOf(value)).toEqual({ code: 'unprocessable', param });
  });

  it('allows an order of deployments of the only provider', () => {
    expect(refusalOf({ provider: { order: ['acme/small'], only: ['acme'] } })).toBeUndefined();
  });

  it('says that a model is not known', () => {
    expect(refusalOf({ models: ['small', 'huge'] })).toEqual({ code: 'model_not_found', param: 'models[1]' });
  });

  it('reads the header’s JSON, and refuses what is none', () => {
    expect(parseRoutingPreferences('{"strategy":"cheapest"}')).toEqual({
      ok: true,
      value: { strategy: 'cheapest' },
    });
    expect(parseRoutingPreferences('{')).toMatchObject({ ok: false, refusal: { param: 'Penstock-Routing' } });
    expect(parseRoutingPreferences('null')).toMatchObject({ ok: false });
  });
});

describe('readModelName', () => {
  it('takes the variant off, and leaves other colons alone', () => {
    expect(readModelName('small:floor')).toEqual({ model: 'small', sort: 'price' });
    expect(readModelName('small:nitro')).toEqual({ model: 'small', sort: 'throughput' });
    expect(readModelName('llama3:8b')).toEqual({ model: 'llama3:8b' });
    expect(readModelName(':floor')).toEqual({ model: ':floor' });
    expect(withVariant({ provider: { sort: 'latency', zdr: true } }, readModelName('small:floor'))).toEqual({
      provider: { sort: 'price', zdr: true },
    });
  });
});
