import { estimateTokens } from './token-estimate.js';

/**
 * Counts what a model produced, for the estimate of a stream that broke off before its usage came: a token for each
 * event that held text, or for each four characters where a provider puts more than one into an event.
 */
export class OutputCount {
  private events = 0;
  private characters = 0;

  /** Whether there was any text in it. */
  add(text: string | undefined): boolean {
    if (text === undefined || text === '') return false;
    this.events++;
    this.characters += text.length;
    return true;
  }

  get tokens(): number {
    return Math.max(this.events, estimateTokens(this.characters));
  }
}
