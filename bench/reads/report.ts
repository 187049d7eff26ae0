import { machine, publish } from '../harness.ts';
import { plot } from '../plot.ts';
import { middle, nodeVersion } from '../servers.ts';
import { barsOf, comparedTable } from './compared-report.ts';
import { connections, figuresOf, type Size } from './measure.ts';
import type { Options } from './options.ts';
import type { Read } from './read.ts';
import { budgetTables } from './read-budgets.ts';

/**
 * Prints the results. Writes them to bench/results if all reads were measured. `busyBefore` is the load average of the
 * machine before the run.
 */
export async function report(sizes: Size[], options: Options, busyBefore: number): Promise<void> {
  const { compared, others, isFull } = options;
  const lines = [
    '# Reads',
    '',
    ...(await conditions(options, busyBefore)),
    '',
    ...(isFull ? [`![${plotTitle(sizes)}](reads.svg)`, ''] : []),
    ...(compared.length > 0 ? budgetTables(sizes, compared) : []),
    ...sizes.flatMap((size) => [
      `## ${size.customers.toLocaleString('en')} customers`,
      '',
      ...(compared.length > 0 ? [...comparedTable(size, compared), ''] : []),
      ...rapportTable(size, [...compared, ...others]),
      '',
    ]),
  ].slice(0, -1);
  if (!isFull) {
    console.log(`\n${lines.join('\n')}`);
    return;
  }
  publish('reads', lines);
  if (sizes[0]) plot('reads', plotTitle(sizes), barsOf(sizes[0], compared));
}

async function conditions({ rounds, seconds }: Options, busyBefore: number): Promise<string[]> {
  return [
    `${await machine()}, servers on Node ${nodeVersion()}; the server on one core, PostgreSQL and the load on the other; ${rounds} interleaved rounds of ${seconds} s over`,
    `${connections} connections, each after a warm-up; medians (spread), and medians of the ratios within a round. Ten orders per customer on average, three lines per order, ten interactions.`,
    `Load average of the machine before the run: ${busyBefore.toFixed(1)}. On a busy machine, only the ratios count.`,
    '',
    '- The limit is `node:http` with one hand-written named statement per read, whose JSON is passed through: no key, tenant or schema.',
    '- Rapport answers with a key for all scopes, and records each read of personal data in the audit log. Masked: with a key that may not read personal data.',
    '- PostGraphile and Pothos have no tenant, key, masking or audit log. For the timeline, PostGraphile returns the latest entries of each kind, since it has no list',
    '  over several tables. It records an interaction for a customer whose ID is known; the others look it up by email. Only Rapport has idempotency keys.',
    '- The run has checked that all sides answer 20 requests per read with the same IDs, amounts, times and texts.',
    '- Statements are counted as the driver sends them: those of the request itself, and with those that bind the session and check the key. The audit log of reads is',
    '  written separately, for many requests at once. Rows are those that PostgreSQL reads for the request. Budget: one statement, two with `totalCount`.',
  ];
}

function rapportTable({ measured, costs }: Size, reads: Read[]): string[] {
  return [
    '| Rapport | statements | with session and key | rows read | requests/s | server CPU, ms | p50 / p99, ms | |',
    '|---|---|---|---|---|---|---|---|',
    ...reads.map(({ name, statements: allowed }) => {
      const figures = figuresOf(measured, name, 'Rapport');
      const { statements = 0, sent = 0, rows = null } = costs.get(name) ?? {};
      const holds = statements <= (allowed ?? statements) ? 'held' : '**not held**';
      const row = [
        `\`${name}\``,
        statements,
        sent,
        rows ?? '–',
        Math.round(middle(figures, 'rps')),
        middle(figures, 'cpu').toFixed(3),
        `${middle(figures, 'p50').toFixed(1)} / ${middle(figures, 'p99').toFixed(1)}`,
        allowed === undefined ? '–' : holds,
      ];
      return `| ${row.join(' | ')} |`;
    }),
  ];
}

function plotTitle([size]: Size[]): string {
  return `Requests per second, as a share of the limit, at ${size?.customers.toLocaleString('en')} customers`;
}
