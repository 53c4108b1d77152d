import type { FilePart, TextPart } from '@penstock/contracts';
import type { Shortfalls } from './shortfalls.js';

/** The texts of content that may hold nothing else, on lines of their own; `path` is that of the content. */
export function plainText(
  parts: readonly (TextPart | FilePart)[],
  path: string,
  shortfalls: Shortfalls,
): string {
  return parts
    .map((part, index) => {
      if (part.type === 'text') return part.text;
      shortfalls.refuse(`${path}[${index}]`, 'is no text');
      return '';
    })
    .join('\n');
}
