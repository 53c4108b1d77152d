import type { JsonMap, ProviderOptions } from '@penstock/contracts';
import { parseJsonText } from '../canonical/json-text.js';
import { isObject } from '../json/check.js';

/**
 * The Responses API lets a client carry a thought from turn to turn in `encrypted_content`, which it does not
 * look into. There the secrets of other vendors' thoughts travel too (Anthropic's signatures, Google's), as
 * base64 of JSON behind a mark; what comes without the mark is the vendor's own.
 */
const MARK = 'penstock.';

/** What stands in `encrypted_content` for a thought with these secrets; undefined where it has none. */
export function sealReasoning(metadata: ProviderOptions | undefined): string | undefined {
  if (metadata === undefined) return undefined;
  const own = metadata['openai']?.['reasoningEncryptedContent'];
  if (typeof own === 'string') return own;
  return MARK + Buffer.from(JSON.stringify(metadata)).toString('base64url');
}

/** The secrets again. Text that a client made up gives none. */
export function unsealReasoning(text: string, itemId: string | null | undefined): ProviderOptions {
  if (!text.startsWith(MARK)) {
    return { openai: { reasoningEncryptedContent: text, ...(itemId ? { itemId } : {}) } };
  }
  const secrets = parseJsonText(Buffer.from(text.slice(MARK.length), 'base64url').toString());
  if (!isObject(secrets)) return {};
  return Object.fromEntries(
    Object.entries(secrets).filter((entry): entry is [string, JsonMap] => isObject(entry[1])),
  );
}
