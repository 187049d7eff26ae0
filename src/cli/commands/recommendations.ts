import { Command } from 'commander';
import * as z from 'zod';
import { parseInput, pastInstant } from '../../lib/fields.ts';
import { countPairs } from '../../recommendations/count-pairs.ts';
import { printableLines } from '../printable.ts';
import { withWorkspace } from '../with-database.ts';

type Options = { workspace: string; asOf?: string; days?: string; json?: boolean };

export function recommendationsCommand(): Command {
  const command = new Command('recommendations').description('Finds products that are bought together.');
  command
    .command('count')
    .requiredOption('--workspace <slug>', 'workspace whose orders to count')
    .option('--as-of <instant>', 'count the orders placed until then (default: now)')
    .option('--days <number>', 'days of orders to count, kept for later counts (default: 365)')
    .option('--json', 'print the numbers as JSON')
    .description('Counts which products are bought together, and stores the best pairs of each.')
    .action(count);
  return command;
}

const wholeDays = z.coerce
  .number('Must be a whole number of days.')
  .int('Must be a whole number of days.')
  .min(1, 'Must be at least 1 day.')
  .max(36_525, 'Must be at most 36,525 days.');

async function count({ workspace, asOf, days, json }: Options): Promise<void> {
  const until = asOf === undefined ? new Date() : parseInput(pastInstant(), asOf, 'asOf');
  const windowDays = days === undefined ? undefined : parseInput(wholeDays, days, 'days');
  await withWorkspace(workspace, async (db) => {
    const counted = await countPairs(db, { until, windowDays });
    const { orders, products, pairs } = counted;
    const text = `${orders} orders in ${counted.windowDays} days until ${until.toISOString()}: ${products} products, ${pairs} pairs`;
    console.log(printableLines(json ? JSON.stringify(counted) : text));
  });
}
