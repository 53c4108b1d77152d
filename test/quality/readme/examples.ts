/** A fenced block of a document, with the name that stands in the comment above it. */
export interface Example {
  readonly name: string;
  readonly language: 'sh' | 'ts';
  readonly text: string;
}

/** Every `sh` and `ts` block of a Markdown text; one without a name has the empty one. */
export function examplesOf(markdown: string): Example[] {
  const fence = /(?:<!-- example: (?<name>[\w-]+) -->\n+)?^```(?<language>sh|ts)\n(?<text>[^]*?)^```$/gm;
  return [...markdown.matchAll(fence)].map(({ groups = {} }) => ({
    name: groups['name'] ?? '',
    language: groups['language'] as Example['language'],
    text: groups['text'] ?? '',
  }));
}
