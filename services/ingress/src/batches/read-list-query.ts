import { refusal, type AskList, type Read } from '@penstock/contracts';

/** `?after=…&limit=…&order=…&purpose=…`, as OpenAI's lists take them. */
export function readListQuery(
  query: Readonly<Record<string, unknown>>,
  bounds: { readonly defaultLimit: number; readonly maxLimit: number },
): Read<Omit<AskList, 'tenant'>> {
  const { after, order, purpose } = query;
  for (const [param, value] of Object.entries({ after, purpose })) {
    if (value !== undefined && typeof value !== 'string') return refuse(param, `${param} is given once.`);
  }
  const limit = query['limit'] === undefined ? bounds.defaultLimit : Number(query['limit']);
  if (!Number.isInteger(limit) || limit < 1 || limit > bounds.maxLimit) {
    return refuse('limit', `limit is a whole number from 1 to ${bounds.maxLimit}.`);
  }
  if (order !== undefined && order !== 'asc' && order !== 'desc') {
    return refuse('order', 'order is asc or desc.');
  }
  return {
    ok: true,
    value: {
      limit,
      ...(typeof after === 'string' && { after }),
      ...(order !== undefined && { order }),
      ...(typeof purpose === 'string' && { purpose }),
    },
  };
}

function refuse(param: string, message: string): Read<never> {
  return { ok: false, refusal: refusal('invalid_request', { param, message }) };
}
