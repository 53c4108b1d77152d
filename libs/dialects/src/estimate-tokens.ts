/**
 * How many tokens a request will count, roughly and fast: admission, rate limits and fair shares need a number
 * before any provider has counted. Real usage corrects it afterwards.
 *
 * The rule: text, tool definitions and schemas count one token for every four characters (UTF-16 code units),
 * a message four tokens on top for its role and separators, an image, an audio clip or a document a constant,
 * and a list of token ids its length. English prose comes out within about a fifth; scripts without spaces are
 * underestimated, base64 is never counted as text.
 */
export const CHARACTERS_PER_TOKEN = 4;

/** Tokens on top of a message's text. */
export const MESSAGE_TOKENS = 4;

/** Tokens of one attachment: about what the large vendors charge for a photo, a minute of speech, three pages. */
export const ATTACHMENT_TOKENS = { image: 1_000, audio: 1_000, file: 3_000 } as const;

export type Attachment = keyof typeof ATTACHMENT_TOKENS;

/** Tokens of a text, rounded up. Also what a cut stream is billed by when the provider never said. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Adds up what a request consists of. */
export class TokenTally {
  private characters = 0;
  private tokens = 0;
  private pictures = false;

  text(text: string): void {
    this.characters += text.length;
  }

  /** Tokens already counted by the caller: ids instead of text. */
  ids(count: number): void {
    this.tokens += count;
  }

  message(): void {
    this.tokens += MESSAGE_TOKENS;
  }

  attachment(kind: Attachment): void {
    if (kind === 'image') this.pictures = true;
    this.tokens += ATTACHMENT_TOKENS[kind];
  }

  /** Any JSON value, by the length of its names and texts: about its length when written, without writing it. */
  json(value: unknown): void {
    if (typeof value === 'string') {
      this.characters += value.length + 2;
    } else if (Array.isArray(value)) {
      for (const item of value) this.json(item);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, field] of Object.entries(value)) {
        this.characters += name.length + 4;
        this.json(field);
      }
    } else if (value !== undefined) {
      this.characters += 4;
    }
  }

  /** Whether an image was among it. */
  get hasImages(): boolean {
    return this.pictures;
  }

  total(): number {
    return this.tokens + Math.ceil(this.characters / CHARACTERS_PER_TOKEN);
  }
}
