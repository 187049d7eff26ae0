import { invalid } from '../lib/errors.ts';
import {
  type Amount,
  amount,
  decimalsOf,
  hasTooManyDigits,
  mostDigits,
  smallestUnitOf,
  sum,
  zero,
} from '../lib/money.ts';
import type { OrderInput } from './input.ts';

type Line = NonNullable<OrderInput['lines']>[number];

/**
 * Computes the total of each line: the given total, which may differ from quantity times unit price only by rounding,
 * else quantity times unit price.
 */
export function lineTotals(lines: Line[], currencyCode: string): Amount[] {
  return lines.map(({ quantity, unitPrice, total }, i) => {
    const exact = unitPrice.times(quantity);
    const difference = total?.minus(exact).abs();
    if (difference?.gt(roundingOf(quantity, unitPrice, currencyCode)))
      throw invalid('`total` must equal `quantity` times `unitPrice`, except for rounding.', 'lines', i, 'total');
    return bounded(total ?? exact, 'lines', i, total ? 'total' : 'unitPrice');
  });
}

// Rounding shifts a unit price by at most half of its last decimal place, and a total by half of the smallest unit.
function roundingOf(quantity: number, unitPrice: Amount, currencyCode: string): Amount {
  const unit = smallestUnitOf(currencyCode);
  const lastPlace = amount(10).pow(-Math.max(unitPrice.decimalPlaces(), decimalsOf(currencyCode)));
  const rounding = lastPlace.times(quantity).plus(unit).div(2);
  return rounding.gt(unit) ? rounding : unit;
}

type Stored = Record<'subtotal' | 'discount' | 'shipping' | 'tax', { toString(): string }> & { lines: object[] };

const extraParts = ['discount', 'shipping', 'tax'] as const;

/** Computes the amounts of an order. `ofLines` are the line totals; a stated total must equal the sum of all parts. */
export function orderTotals(input: OrderInput, ofLines: Amount[], currencyCode: string, stored: Stored | null) {
  const [discount, shipping, tax] = extraParts.map((part) => {
    const given = input[part];
    if (given !== undefined) return given ?? zero;
    return stored ? amount(stored[part]) : zero;
  }) as [Amount, Amount, Amount];
  const extras = shipping.plus(tax).minus(discount);
  const hasLines = input.lines ? input.lines.length > 0 : (stored?.lines.length ?? 0) > 0;
  const lineSum = input.lines ? sum(ofLines) : stored && amount(stored.subtotal);

  if (!hasLines && !lineSum && !input.total) throw invalid('A new order requires `lines` or `total`.', 'total');
  const computed = hasLines || !input.total ? (lineSum ?? zero).plus(extras) : input.total;
  const total = input.total ?? computed;
  if (!computed.equals(total)) {
    const rounded = [...ofLines, discount, shipping, tax].filter(
      (each) => each.decimalPlaces() > decimalsOf(currencyCode),
    );
    if (total.minus(computed).abs().gt(smallestUnitOf(currencyCode).div(2).times(rounded.length)))
      throw invalid(
        `Lines, discount, shipping and tax add up to ${computed.toFixed()}, but \`total\` is ${total.toFixed()}.`,
        'total',
      );
  }
  // The subtotal absorbs the rounding of the total.
  const subtotal = total.minus(extras);
  if (total.isNegative() || subtotal.isNegative())
    throw invalid('`discount` must not exceed the amount to pay.', 'discount');
  return { subtotal: bounded(subtotal, 'lines'), discount, shipping, tax, total: bounded(total, 'total') };
}

/** Returns the amount, or throws INVALID_INPUT if it has more digits than can be stored exactly. */
export function bounded(value: Amount, ...field: (string | number)[]): Amount {
  if (hasTooManyDigits(value)) throw invalid(`The resulting amount has more than ${mostDigits} digits.`, ...field);
  return value;
}

/** Returns the amount of a payment, or throws INVALID_INPUT if it is not whole in the smallest unit of its currency. */
export function paidAmount(value: Amount, currencyCode: string, ...field: (string | number)[]): Amount {
  const decimals = decimalsOf(currencyCode);
  if (value.decimalPlaces() > decimals)
    throw invalid(`Amounts in ${currencyCode} can have at most ${decimals} decimal places.`, ...field);
  return value;
}
