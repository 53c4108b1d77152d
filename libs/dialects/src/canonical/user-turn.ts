import type { CanonicalMessage, FilePart, TextPart, ToolResultPart } from '@penstock/contracts';

/**
 * What a user's turn holds in dialects that put tool results into it: between dialects results are messages
 * of their own, in the same order.
 */
export class UserTurn {
  private readonly collected: (
    { role: 'user'; content: (TextPart | FilePart)[] } | { role: 'tool'; content: ToolResultPart[] }
  )[] = [];

  get messages(): readonly CanonicalMessage[] {
    return this.collected;
  }

  say(part: TextPart | FilePart): void {
    const last = this.collected.at(-1);
    if (last?.role === 'user') last.content.push(part);
    else this.collected.push({ role: 'user', content: [part] });
  }

  answer(result: ToolResultPart): void {
    const last = this.collected.at(-1);
    if (last?.role === 'tool') last.content.push(result);
    else this.collected.push({ role: 'tool', content: [result] });
  }
}
