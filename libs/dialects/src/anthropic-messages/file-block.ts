import type { FileData, FilePart } from '@penstock/contracts';
import { cacheControlOptions } from '../canonical/cache-control.js';
import { readFileUrl } from '../canonical/file-data.js';
import { present } from '../canonical/present.js';
import { withProviderOptions } from '../canonical/provider-options.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import type { DocumentBlock, ImageBlock, Source } from './request.js';

/** An image or a document of a message; undefined, and the request refused, where it lies with the vendor. */
export function readFileBlock(
  block: ImageBlock | DocumentBlock,
  path: string,
  shortfalls: Shortfalls,
): FilePart | undefined {
  const found = readSource(block.source, block.type === 'image' ? 'image/*' : 'application/pdf');
  if (found === undefined) {
    shortfalls.refuse(
      `${path}.source`,
      'cannot be sent to a provider of another API: send base64 data or a URL',
    );
    return undefined;
  }
  const title = block.type === 'document' ? block.title : undefined;
  return {
    type: 'file',
    ...found,
    ...present({ filename: title }),
    ...withProviderOptions(
      block.type === 'document' ? documentOptions(block) : {},
      cacheControlOptions(block),
    ),
  };
}

function documentOptions({ title, context, citations }: DocumentBlock) {
  const enabled = citations?.enabled;
  const options = present({ title, context, citations: enabled === undefined ? undefined : { enabled } });
  return Object.keys(options).length === 0 ? {} : { anthropic: options };
}

function readSource(
  source: Source,
  defaultMediaType: string,
): { readonly data: FileData; readonly mediaType: string } | undefined {
  switch (source.type) {
    case 'base64':
      return { data: { type: 'data', data: source.data }, mediaType: source.media_type };
    case 'text':
      return { data: { type: 'text', text: source.data }, mediaType: source.media_type };
    case 'url': {
      const found = readFileUrl(source.url);
      return found && { data: found.data, mediaType: found.mediaType ?? defaultMediaType };
    }
    case 'content': {
      const { content } = source;
      return typeof content === 'string'
        ? { data: { type: 'text', text: content }, mediaType: 'text/plain' }
        : undefined;
    }
    default:
      return undefined;
  }
}
