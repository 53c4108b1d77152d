import type { JobLabels, RequestSummary } from '@penstock/contracts';
import { isObject, type JsonObject } from '../json/check.js';

/** As OpenAI has it; what is longer is cut, what is more is left out. */
const METADATA = { pairs: 16, keyLength: 64, valueLength: 512 };

const MAX_USER_LENGTH = 256;

/**
 * Whom the client says it asks for, and what it says of the request for its own books: OpenAI's `safety_identifier`,
 * `user` and `metadata`, Anthropic's `metadata.user_id`. Of metadata only texts are taken. Costs nothing for a body
 * that says nothing.
 */
export function readLabels(body: JsonObject): Pick<RequestSummary, 'labels'> {
  const { safety_identifier: identifier, user, metadata } = body;
  const fields = isObject(metadata) ? metadata : undefined;
  const name = [identifier, user, fields?.['user_id']].find((one) => typeof one === 'string' && one !== '');
  const pairs = fields === undefined ? [] : Object.entries(fields).filter(isLabel).slice(0, METADATA.pairs);
  const labels: JobLabels = {
    ...(name !== undefined && { user: (name as string).slice(0, MAX_USER_LENGTH) }),
    ...(pairs.length > 0 && {
      metadata: Object.fromEntries(pairs.map(([key, text]) => [key, text.slice(0, METADATA.valueLength)])),
    }),
  };
  return name !== undefined || pairs.length > 0 ? { labels } : {};
}

/** Who is asked for has a place of its own. */
function isLabel(pair: [string, unknown]): pair is [string, string] {
  const [key, value] = pair;
  return typeof value === 'string' && key.length <= METADATA.keyLength && key !== 'user_id';
}
