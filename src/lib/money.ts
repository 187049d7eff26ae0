import { Decimal } from 'decimal.js';

/** Amounts are exact decimals with at most four places; no float ever touches them. */
export type Amount = Decimal;

export const zero = new Decimal(0);

export function amount(value: string | number | { toString(): string }): Amount {
  return new Decimal(value.toString());
}

export function sum(amounts: Amount[]): Amount {
  return amounts.reduce((total, each) => total.plus(each), zero);
}

/** Plain digits, never an exponent; at least the decimals the currency is written with: "10.00", "0.001". */
export function formatAmount(value: { toString(): string }, currencyCode: string): string {
  const decimal = new Decimal(value.toString());
  return decimal.toFixed(Math.max(decimal.decimalPlaces(), decimalsOf(currencyCode)));
}

// ISO 4217 gives a currency two decimals but for these. Intl has CLDR's, which for some currencies are those of cash.
const otherDecimals: Record<number, string[]> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
  4: 'CLF UYW'.split(' '),
};
const decimals = new Map(
  Object.entries(otherDecimals).flatMap(([places, codes]) => codes.map((code): [string, number] => [code, +places])),
);

/** How many decimals a currency has by ISO 4217. */
export function decimalsOf(currencyCode: string): number {
  return decimals.get(currencyCode) ?? 2;
}

/** The same as an SQL expression of one that gives the code. */
export function decimalsSql(currencyCode: string): string {
  const cases = Object.entries(otherDecimals).map(
    ([places, codes]) => `WHEN ${currencyCode} IN (${codes.map((code) => `'${code}'`).join(', ')}) THEN ${places}`,
  );
  return `CASE ${cases.join(' ')} ELSE 2 END`;
}

/** The smallest amount that can be paid: a cent, a yen. */
export function smallestUnitOf(currencyCode: string): Amount {
  return new Decimal(10).pow(-decimalsOf(currencyCode));
}

/** Digits of an amount, at most: so many are exact wherever it goes, JSON numbers included. */
export const mostDigits = 15;

export function hasTooManyDigits(value: Amount): boolean {
  return value.precision(true) > mostDigits;
}
