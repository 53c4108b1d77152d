import Anthropic from '@anthropic-ai/sdk';
import { APIS, ERRORS, refusal, type Api, type ErrorCode, type Refusal } from '@penstock/contracts';
import OpenAI from 'openai';
import { renderError, renderStreamError } from './render-error.js';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const codes = Object.keys(ERRORS) as ErrorCode[];
const missing = refusal('invalid_request', { message: 'Missing model.', param: 'model' });
const full = refusal('lane_full', { retryAfterMs: 1_200 });

const body = (api: Api, refused: Refusal) => JSON.parse(text(renderError(api, refused, 'req_1').body));

describe('an error in any dialect', () => {
  it.each(APIS)('has the status and the code of the catalogue: %s', (api) => {
    for (const code of codes) {
      const answer = renderError(api, refusal(code), 'req_1');
      expect(answer.status).toBe(ERRORS[code].status);
      expect(answer.contentType).toBe('application/json');
      expect(answer.headers['x-penstock-error-code']).toBe(code);
      expect(JSON.parse(text(answer.body)).error.message).toBe(refusal(code).message);
    }
  });

  it.each(APIS)('asks for whole seconds of patience, never for too few: %s', (api) => {
    expect(renderError(api, full, 'req_1').headers['retry-after']).toBe('2');
    expect(renderError(api, refusal('lane_full', { retryAfterMs: 0 }), 'r').headers['retry-after']).toBe('1');
    expect(renderError(api, missing, 'req_1').headers).not.toHaveProperty('retry-after');
  });

  it.each(APIS)('ends a stream with one event that never says [DONE]: %s', (api) => {
    for (const code of codes) {
      const event = text(renderStreamError(api, refusal(code)));
      expect(event).toMatch(/^(event: error\n)?data: \{.*\}\n\n$/);
      expect(event).not.toContain('[DONE]');
      expect(event).toContain(JSON.stringify(refusal(code).message));
    }
  });

  it.each(APIS)('keeps a message with line breaks in one event: %s', (api) => {
    const event = text(renderStreamError(api, refusal('internal_error', { message: 'a\n\ndata: b' })));
    expect(event.indexOf('\n\n')).toBe(event.length - 2);
  });
});

describe("an error in OpenAI's dialects", () => {
  it('has message, type, param and code', () => {
    expect(body('openai.chat', missing)).toEqual({
      error: {
        message: 'Missing model.',
        type: 'invalid_request_error',
        param: 'model',
        code: 'invalid_request',
      },
    });
    expect(body('openai.responses', full).error).toMatchObject({ type: 'rate_limit_error', param: null });
  });

  it("becomes the class that the vendor's client has for the status", async () => {
    const { status, body: bytes, headers } = renderError('openai.chat', missing, 'req_1');
    const client = new OpenAI({
      apiKey: 'none',
      baseURL: 'http://penstock.invalid',
      maxRetries: 0,
      fetch: async () => new Response(text(bytes), { status, headers }),
    });
    const failure = await client.models.list().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(failure).toMatchObject({ code: 'invalid_request', param: 'model', requestID: 'req_1' });
  });

  it('has the event of the Responses API', () => {
    expect(text(renderStreamError('openai.responses', missing))).toBe(
      'event: error\ndata: {"type":"error","code":"invalid_request","message":"Missing model.","param":"model","sequence_number":0}\n\n',
    );
  });
});

describe("an error in Anthropic's dialect", () => {
  it.each([
    ['invalid_request', 'invalid_request_error'],
    ['missing_api_key', 'authentication_error'],
    ['tenant_mismatch', 'permission_error'],
    ['model_not_found', 'not_found_error'],
    ['body_too_large', 'request_too_large'],
    ['lane_full', 'rate_limit_error'],
    ['internal_error', 'api_error'],
    ['no_capacity', 'overloaded_error'],
    ['deadline_exceeded', 'timeout_error'],
  ] as const)('%s is an %s', (code, type) => {
    expect(body('anthropic.messages', refusal(code))).toMatchObject({
      type: 'error',
      error: { type, details: { error_code: code } },
      request_id: 'req_1',
    });
  });

  it("becomes the class that the vendor's client has for the status", async () => {
    const { status, body: bytes, headers } = renderError('anthropic.messages', full, 'req_1');
    const client = new Anthropic({
      apiKey: 'none',
      baseURL: 'http://penstock.invalid',
      maxRetries: 0,
      fetch: async () => new Response(text(bytes), { status, headers }),
    });
    const failure = await client.models.list().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.RateLimitError);
    expect(failure).toMatchObject({ requestID: 'req_1', type: 'rate_limit_error', errorCode: 'lane_full' });
  });
});

describe("an error in Gemini's dialect", () => {
  it('has a status by name, the field at fault and how long to wait', () => {
    expect(body('gemini.generate', missing)).toEqual({
      error: {
        code: 400,
        message: 'Missing model.',
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'INVALID_REQUEST',
            domain: 'penstock',
          },
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: 'model', description: 'Missing model.' }],
          },
        ],
      },
    });
    expect(body('gemini.generate', full).error).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [{}, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }],
    });
  });
});
