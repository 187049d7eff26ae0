import { spread } from '../harness.ts';
import type { Bar } from '../plot.ts';
import { type Figures, middle, ratio } from '../servers.ts';
import { figuresOf, type Size } from './measure.ts';
import type { ComparedRead } from './read.ts';
import type { Side } from './sides.ts';

/** Returns the median of the ratios between two sides of a read, round by round. */
export function compare(
  { measured }: Size,
  name: string,
  column: keyof Figures,
  [side, other]: [Side, Side] = ['Rapport', 'limit'],
): number {
  return ratio(figuresOf(measured, name, side), figuresOf(measured, name, other), column);
}

/** Builds the table of all sides of these reads. */
export function comparedTable(size: Size, reads: ComparedRead[]): string[] {
  return [
    '| read | | requests/s | of the limit | server CPU, ms | of the limit | p50 / p99, ms | server, MB |',
    '|---|---|---|---|---|---|---|---|',
    ...reads.flatMap(({ name, title }) =>
      sidesOf(size, name).map((side, i) => {
        const figures = figuresOf(size.measured, name, side);
        const of = (column: keyof Figures) => middle(figures, column);
        const row = [
          i === 0 ? title : '',
          side,
          `${Math.round(of('rps'))} (${spread(
            figures.map(({ rps }) => rps),
            0,
          )})`,
          compare(size, name, 'rps', [side, 'limit']).toFixed(2),
          of('cpu').toFixed(3),
          compare(size, name, 'cpu', [side, 'limit']).toFixed(1),
          `${of('p50').toFixed(1)} / ${of('p99').toFixed(1)}`,
          Math.round(of('mb')),
        ];
        return `| ${row.join(' | ')} |`;
      }),
    ),
  ];
}

/** Returns a bar for each side of these reads: its requests per second as a share of the limit. */
export function barsOf(size: Size, reads: ComparedRead[]): Bar[] {
  return reads.flatMap(({ name, title }) =>
    sidesOf(size, name).map((side) => ({
      group: title,
      name: side,
      value: compare(size, name, 'rps', [side, 'limit']),
    })),
  );
}

function sidesOf({ measured }: Size, name: string): Side[] {
  return [...(measured.get(name)?.keys() ?? [])];
}
