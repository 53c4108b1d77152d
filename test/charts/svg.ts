/** The little of SVG that a plot needs, as text. */

export const WIDTH = 860;

/** One for each policy, told apart by people who see few colours too. */
export const COLOURS = ['#0b6bcb', '#b4b4b4', '#e0912f', '#7a5aa8'] as const;

export type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escape(value)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export function text(x: number, y: number, content: string, more: Attributes = {}): string {
  return element('text', { x, y, fill: '#222', ...more }, escape(content));
}

export function line(x1: number, y1: number, x2: number, y2: number, more: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, stroke: '#ddd', ...more });
}

/** A whole picture on white, so that it can be read on a dark page as well. */
export function picture(height: number, title: string, parts: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'font-family': 'system-ui, sans-serif',
      'font-size': 12,
    },
    [
      element('title', {}, escape(title)),
      element('rect', { width: WIDTH, height, fill: '#fff' }),
      text(20, 26, title, { 'font-size': 16, 'font-weight': 600 }),
      ...parts,
    ].join('\n') + '\n',
  );
}

/** A colour and what it stands for, side by side from `x` on. */
export function legend(
  x: number,
  y: number,
  entries: readonly { readonly name: string; readonly colour: string }[],
): string {
  let at = x;
  return entries
    .map(({ name, colour }) => {
      const entry =
        element('rect', { x: at, y: y - 10, width: 12, height: 12, fill: colour }) + text(at + 17, y, name);
      at += 40 + name.length * 7;
      return entry;
    })
    .join('');
}

const round = (value: number) => String(Math.round(value * 10) / 10);

const escape = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
