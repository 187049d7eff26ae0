import { Decimal } from 'decimal.js';

/** Exact decimal with at most four decimal places. Amounts are never floats. */
export type Amount = Decimal;

export const zero = new Decimal(0);

export function amount(value: string | number | { toString(): string }): Amount {
  return new Decimal(value.toString());
}

export function sum(amounts: Amount[]): Amount {
  return amounts.reduce((total, each) => total.plus(each), zero);
}

/** Formats an amount without an exponent, with at least the decimals of its currency: "10.00", "0.001". */
export function formatAmount(value: { toString(): string }, currencyCode: string): string {
  const decimal = new Decimal(value.toString());
  return decimal.toFixed(Math.max(decimal.decimalPlaces(), decimalsOf(currencyCode)));
}

// Currencies that do not have two decimals in ISO 4217. Intl uses CLDR, which for some of them has the decimals of cash.
const otherDecimals: Record<number, string[]> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
  4: 'CLF UYW'.split(' '),
};
const decimals = new Map(
  Object.entries(otherDecimals).flatMap(([places, codes]) => codes.map((code): [string, number] => [code, +places])),
);

/** Returns the number of decimals of a currency in ISO 4217. */
export function decimalsOf(currencyCode: string): number {
  return decimals.get(currencyCode) ?? 2;
}

/** Returns an SQL expression for the decimals of a currency, whose code is an SQL expression too. */
export function decimalsSql(currencyCode: string): string {
  const cases = Object.entries(otherDecimals).map(
    ([places, codes]) => `WHEN ${currencyCode} IN (${codes.map((code) => `'${code}'`).join(', ')}) THEN ${places}`,
  );
  return `CASE ${cases.join(' ')} ELSE 2 END`;
}

/** Returns the smallest amount that can be paid, such as a cent or a yen. */
export function smallestUnitOf(currencyCode: string): Amount {
  return new Decimal(10).pow(-decimalsOf(currencyCode));
}

/** Maximum digits of an amount. This many are exact everywhere, including in JSON numbers. */
export const mostDigits = 15;

export function hasTooManyDigits(value: Amount): boolean {
  return value.precision(true) > mostDigits;
}
