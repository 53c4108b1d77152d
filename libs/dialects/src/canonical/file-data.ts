import type { FileData } from '@penstock/contracts';

/** A file that a client sent as a URL: of the web, or one that holds the data itself (RFC 2397). */
export function readFileUrl(
  text: string,
): { readonly data: FileData; readonly mediaType?: string } | undefined {
  const inline = /^data:([^;,]*)((?:;[^;,]*)*),/.exec(text);
  if (inline !== null) {
    const [head, mediaType = '', parameters = ''] = inline;
    const data = text.slice(head.length);
    // The canonical form holds base64. Clients send nothing else; a percent-encoded file is not guessed at.
    if (!parameters.endsWith(';base64')) return undefined;
    return mediaType === '' ? { data: { type: 'data', data } } : { data: { type: 'data', data }, mediaType };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:', 'gs:'].includes(url.protocol)) return undefined;
  return { data: { type: 'url', url } };
}

/** The other way: as a URL that holds the data itself. */
export function toFileUrl(
  mediaType: string,
  data: { type: 'data'; data: string } | { type: 'url'; url: URL },
): string {
  return data.type === 'url' ? data.url.href : `data:${mediaType};base64,${data.data}`;
}
