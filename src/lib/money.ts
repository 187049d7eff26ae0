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

const decimals = new Map<string, number>();

/** How many decimals a currency is written with. */
export function decimalsOf(currencyCode: string): number {
  let known = decimals.get(currencyCode);
  if (known === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: currencyCode });
    known = format.resolvedOptions().maximumFractionDigits ?? 2;
    decimals.set(currencyCode, known);
  }
  return known;
}
