/** Ways to set a text off; all of them leave it alone where there is no terminal. */
export type Style = Readonly<Record<'bold' | 'dim' | 'good' | 'bad', (text: string) => string>>;

export function styleOf(isTerminal: boolean): Style {
  const sgr = (code: number) => (text: string) => (isTerminal ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bold: sgr(1), dim: sgr(2), good: sgr(32), bad: sgr(31) };
}
