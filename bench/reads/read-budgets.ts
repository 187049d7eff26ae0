import { type Bound, type Budget, budgetCell, budgetTable } from '../budgets.ts';
import { middle } from '../servers.ts';
import { compare } from './compared-report.ts';
import { figuresOf, type Size } from './measure.ts';
import type { ComparedRead } from './read.ts';
import type { Side } from './sides.ts';

/** Builds the tables of budgets: beside the other sides, for the server, and for growth if there are several sizes. */
export function budgetTables(sizes: Size[], reads: ComparedRead[]): string[] {
  const customers = sizes.map((size) => size.customers);
  return [
    ...besideOthers(sizes, reads),
    '',
    ...budgetTable('Rapport', customers, ofServer(sizes, reads)),
    '',
    ...(sizes.length > 1 ? [...budgetTable('Growth of p50', customers, growth(sizes, reads)), ''] : []),
  ];
}

function besideOthers(sizes: Size[], reads: ComparedRead[]): string[] {
  const at = sizes.map((size) => size.customers.toLocaleString('en')).join(' / ');
  return [
    `| Rapport at ${at} customers | requests/s of the limit | server CPU of the limit | requests/s of PostGraphile | server CPU of PostGraphile |`,
    '|---|---|---|---|---|',
    ...reads.map(({ name, title, budget }) => {
      const cell = (column: 'rps' | 'cpu', other: 'limit' | 'PostGraphile', bound: Bound | undefined) =>
        budgetCell(
          sizes.map((size) => compare(size, name, column, ['Rapport', other])),
          bound,
        );
      const cells = [
        cell('rps', 'limit', budget.rps),
        cell('cpu', 'limit', budget.cpu),
        cell('rps', 'PostGraphile', budget.rpsOfPostgraphile),
        cell('cpu', 'PostGraphile', budget.cpuOfPostgraphile),
      ];
      return `| ${[title, ...cells].join(' | ')} |`;
    }),
  ];
}

function ofServer(sizes: Size[], reads: ComparedRead[]): Budget[] {
  const most = ({ measured }: Size) =>
    Math.max(...reads.map(({ name }) => middle(figuresOf(measured, name, 'Rapport'), 'mb')));
  const memory: Budget = { name: 'memory, MB', figures: sizes.map(most), atMost: 180 };
  const tails = reads
    .filter(({ name }) => name === 'customerContext')
    .map(({ name, title }): Budget => {
      const of = (size: Size, column: 'p50' | 'p99') => middle(figuresOf(size.measured, name, 'Rapport'), column);
      return {
        name: `${title}: p99 / p50`,
        figures: sizes.map((size) => of(size, 'p99') / of(size, 'p50')),
        atMost: 2.5,
      };
    });
  return [memory, ...tails];
}

function growth(sizes: Size[], reads: ComparedRead[]): Budget[] {
  return reads.map(({ name, title }) => {
    const of = (side: Side) => {
      const p50 = sizes.map(({ measured }) => middle(figuresOf(measured, name, side), 'p50'));
      return p50.map((each) => each / (p50[0] ?? Number.NaN));
    };
    // The sizes are measured one after the other, so a busy machine shows in the growth of the limit too.
    const limit = of('limit').map((each) => each.toFixed(2));
    const atMost = name === 'customerContext' ? 1.5 : 2.5;
    return { name: `${title} (the limit: ${limit.join(' / ')})`, figures: of('Rapport'), atMost };
  });
}
