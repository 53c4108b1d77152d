import {
  refusal,
  type BatchEndpoint,
  type ErrorCode,
  type Read,
  type RequestSummary,
} from '@penstock/contracts';
import { readRequest } from '@penstock/dialects';
import { admitRoute, type AdmittedRoute, type RouteCatalogue } from '@penstock/scheduling';

export const MESSAGES: BatchEndpoint = '/v1/messages';

/** Anthropic's bound. */
const MAX_REQUESTS = 100_000;

const CUSTOM_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Reads the body of `POST /v1/messages/batches` as the lines of a batch's input file. Every request is checked here,
 * so that a batch with a bad one is refused whole, with the place of the fault, and costs nothing.
 */
export function readMessageBatch(
  routes: RouteCatalogue,
  tenant: string,
  body: Uint8Array,
): Read<readonly Uint8Array[]> {
  const requests = parse(body);
  if (requests === undefined) return { ok: false, refusal: refusal('malformed_json') };
  if (!Array.isArray(requests)) return refuse('requests', 'requests is a list of requests.');
  if (requests.length === 0 || requests.length > MAX_REQUESTS) {
    return refuse('requests', `requests has 1 to ${MAX_REQUESTS} requests.`);
  }
  const seen = new Set<string>();
  const lines: Uint8Array[] = [];
  for (const [at, request] of requests.entries()) {
    const line = readOne(
      (summary) => admitRoute(routes, { tenant, summary }),
      request,
      `requests[${at}]`,
      seen,
    );
    if (!line.ok) return line;
    lines.push(line.value);
  }
  return { ok: true, value: lines };
}

function parse(body: Uint8Array): unknown {
  try {
    const value = JSON.parse(Buffer.from(body).toString()) as { readonly requests?: unknown } | null;
    return value?.requests ?? null;
  } catch {
    return undefined;
  }
}

function readOne(
  admit: (summary: RequestSummary) => Read<AdmittedRoute>,
  request: unknown,
  place: string,
  seen: Set<string>,
): Read<Uint8Array> {
  const { custom_id: customId, params } = (request ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof customId !== 'string' || !CUSTOM_ID.test(customId)) {
    return refuse(`${place}.custom_id`, `${place}.custom_id has 1 to 64 letters, digits, _ and -.`);
  }
  if (seen.has(customId)) return refuse(`${place}.custom_id`, `${place}.custom_id is there already.`);
  seen.add(customId);
  const body = encode(params);
  if (body === undefined) return refuse(`${place}.params`, `${place}.params is the body of a message.`);
  const read = readRequest('anthropic.messages', body);
  const known = read.ok ? admit(read.value) : read;
  if (!known.ok) {
    const { code, message, param = '' } = known.refusal;
    return refuse(`${place}.params.${param}`, `${place}.params: ${message}`, code);
  }
  if (read.ok && read.value.stream) {
    return refuse(
      `${place}.params.stream`,
      `${place}.params.stream: a request of a batch cannot be streamed.`,
    );
  }
  const head = `{"custom_id":${JSON.stringify(customId)},"method":"POST","url":"${MESSAGES}","body":`;
  return { ok: true, value: Buffer.concat([Buffer.from(head), body, Buffer.from('}\n')]) };
}

/** Undefined for what is no object, and for one that nests too deep to be written. */
function encode(params: unknown): Buffer | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  try {
    return Buffer.from(JSON.stringify(params));
  } catch {
    return undefined;
  }
}

function refuse(param: string, message: string, code: ErrorCode = 'invalid_request'): Read<never> {
  return { ok: false, refusal: refusal(code, { param, message }) };
}
