import { Command, Option } from 'commander';
import { type FittedValue, fitCustomerValue, mainCurrencyOf } from '../../customer-value/fit.ts';
import type { ValueTimeUnit } from '../../db/generated/prisma/enums.ts';
import { DomainError } from '../../lib/errors.ts';
import { currencyCode, parseInput, pastInstant } from '../../lib/fields.ts';
import { printableLines } from '../printable.ts';
import { withWorkspace } from '../with-database.ts';

type Options = { workspace: string; asOf?: string; unit: Lowercase<ValueTimeUnit>; currency?: string; json?: boolean };

export function valueCommand(): Command {
  const command = new Command('value').description('Predicts what customers will buy.');
  command
    .command('fit')
    .requiredOption('--workspace <slug>', 'workspace whose orders to fit')
    .option('--as-of <instant>', 'use the orders placed until then (default: now)')
    .addOption(
      new Option('--unit <unit>', 'unit of time of the parameters').choices(['day', 'week', 'month']).default('week'),
    )
    .option('--currency <code>', 'currency of the orders (default: the one with the most orders)')
    .option('--json', 'print the fit as JSON')
    .description('Fits the BG/NBD and Gamma-Gamma models to the orders, stores the parameters and prints them.')
    .action(fit);
  return command;
}

async function fit({ workspace, asOf: until, unit, currency: given, json }: Options): Promise<void> {
  const asOf = until === undefined ? new Date() : parseInput(pastInstant(), until, 'asOf');
  const wanted = given === undefined ? null : parseInput(currencyCode(), given, 'currency');
  await withWorkspace(workspace, async (db) => {
    const currency = wanted ?? (await mainCurrencyOf(db));
    if (currency === null)
      throw new DomainError('CONFLICT', 'The workspace has no orders of customers. Import orders first.');
    const inUnit = unit.toUpperCase() as ValueTimeUnit;
    const fitted = await fitCustomerValue(db, { currencyCode: currency, unit: inUnit, asOf });
    console.log(printableLines(json ? JSON.stringify(fitted) : describe(fitted)));
  });
}

function describe(fitted: FittedValue): string {
  const { currencyCode, unit, asOf, customers, repeatCustomers, purchases, spending } = fitted;
  const { r, alpha, a, b } = fitted.parameters;
  const listed = (parameters: object) =>
    Object.entries(parameters)
      .map(([name, value]) => `${name} ${Number(value).toPrecision(6)}`)
      .join(', ');
  return [
    `${currencyCode} until ${asOf.toISOString()}: ${customers} customers, ${repeatCustomers} bought again, ${purchases} purchases`,
    `BG/NBD, by ${unit.toLowerCase()}: ${listed({ r, alpha, a, b })}; log-likelihood ${fitted.logLikelihood.toFixed(4)}`,
    spending
      ? `Gamma-Gamma: ${listed(spending.parameters)}; log-likelihood ${spending.logLikelihood.toFixed(4)}`
      : 'Gamma-Gamma: no fit, because the values of the repeat purchases have no finite mean',
  ].join('\n');
}
