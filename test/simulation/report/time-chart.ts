import { element, legend, line, picture, text, WIDTH } from '../../charts/svg.js';

export interface Series {
  readonly name: string;
  readonly colour: string;
  /** One a minute, from the start on. */
  readonly values: readonly number[];
}

const LEFT = 60;
const RIGHT = 20;
const TOP = 70;
const HEIGHT = 180;
const POINTS = 480;

/** Figures over simulated time, one panel below the other on the same hours. */
export function timeChart(
  title: string,
  panels: readonly { readonly name: string; readonly series: readonly Series[] }[],
): string {
  const minutes = Math.max(...panels.flatMap(({ series }) => series.map(({ values }) => values.length)));
  const parts = panels.flatMap(({ name, series }, n) => {
    const top = TOP + n * (HEIGHT + 70);
    const most = niceTop(
      Math.max(...series.flatMap(({ values }) => values.reduce((a, b) => Math.max(a, b), 0))),
    );
    const x = (minute: number) => LEFT + (minute / minutes) * (WIDTH - LEFT - RIGHT);
    const y = (value: number) => top + HEIGHT - (value / most) * HEIGHT;
    const rows = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
      line(LEFT, y(part * most), WIDTH - RIGHT, y(part * most)),
      text(LEFT - 8, y(part * most) + 4, (part * most).toLocaleString('en'), {
        'text-anchor': 'end',
        fill: '#666',
      }),
    ]);
    const everyHours = minutes > 26 * 60 ? 4 : 2;
    const hours = Array.from({ length: Math.floor(minutes / 60 / everyHours) + 1 }, (_, i) =>
      text(x(i * everyHours * 60), top + HEIGHT + 17, `${i * everyHours} h`, {
        'text-anchor': 'middle',
        fill: '#666',
      }),
    );
    const curves = series.map(({ values, colour }) =>
      element('path', {
        d: means(values)
          .map(({ minute, mean }, i) => `${i === 0 ? 'M' : 'L'}${x(minute).toFixed(1)} ${y(mean).toFixed(1)}`)
          .join(''),
        fill: 'none',
        stroke: colour,
        'stroke-width': 1.4,
        'stroke-linejoin': 'round',
      }),
    );
    const key = legend(
      LEFT + 20 + name.length * 7,
      top - 14,
      series.map((one) => ({ name: one.name, colour: one.colour })),
    );
    return [text(LEFT, top - 14, name, { 'font-weight': 600 }), key, ...rows, ...hours, ...curves];
  });
  return picture(TOP + panels.length * (HEIGHT + 70) - 20, title, parts);
}

/** At most `POINTS` points, each the mean of the minutes around it. */
function means(values: readonly number[]): { readonly minute: number; readonly mean: number }[] {
  const step = Math.ceil(values.length / POINTS);
  return Array.from({ length: Math.ceil(values.length / step) }, (_, i) => {
    const some = values.slice(i * step, (i + 1) * step);
    return { minute: i * step + some.length, mean: some.reduce((a, b) => a + b, 0) / some.length };
  });
}

/** The next of 1, 2, 4, 6, 8, 10 times a power of ten. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}
