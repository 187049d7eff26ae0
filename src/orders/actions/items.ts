import { DomainError } from '../../lib/errors.ts';
import { type Amount, amount, decimalsOf, sum } from '../../lib/money.ts';
import type { StoredOrder } from '../stored-order.ts';
import type { ActionFacts } from './facts.ts';
import type { Item } from './input.ts';
import type { ActionRule } from './policy-rules.ts';
import { refusalError } from './refusals.ts';

type StoredLine = StoredOrder['lines'][number];

/** A product variant that a customer wants instead of what they ordered. */
export type Variant = {
  id: string;
  productId: string;
  sku: string;
  priceAmount: { toString(): string } | null;
  currencyCode: string | null;
  isAvailable: boolean;
  product: { title: string; isActive: boolean };
};

/** Units of a line of the order. */
export type Units = { line: StoredLine; quantity: number };
/** Units of a line, and what replaces them. */
export type Replacement = Units & { variant: Variant; unitPrice: Amount };

/** Finds the units that items name: all that are left of a line, unless the item has a quantity. */
export function unitsOf(items: Item[], order: StoredOrder, facts: ActionFacts): Units[] {
  const left = new Map(facts.lines.map((each) => [each.id, each.left]));
  return items.map((item, i) => {
    const line = order.lines.find(({ id }) => id === item.line);
    if (!line)
      throw new DomainError('NOT_FOUND', 'This order has no line with this ID. Send the ID of one of its lines.', {
        field: ['items', i, 'line'],
      });
    const most = left.get(line.id) ?? 0;
    const quantity = item.quantity ?? most;
    if (quantity > most || quantity === 0) {
      const message = `Only ${most} units of this line are left. Send at most that \`quantity\`.`;
      throw refusalError({ code: 'NOTHING_LEFT', message }, 'items', i, 'quantity');
    }
    left.set(line.id, most - quantity);
    return { line, quantity };
  });
}

/** Finds the replacement of each item. Throws if the policy does not allow it. */
export function replacementsOf(
  items: Item[],
  variants: Map<string, Variant>,
  order: StoredOrder,
  facts: ActionFacts,
  rule: ActionRule,
): Replacement[] {
  return unitsOf(items, order, facts).map(({ line, quantity }, i) => {
    const variant = variants.get(items[i]?.variant ?? '');
    const field = ['items', i, 'variant'];
    if (!variant)
      throw new DomainError('NOT_FOUND', 'No product variant has this ID. Send the ID of a variant.', { field });
    const refuse = (code: Parameters<typeof refusalError>[0]['code'], message: string): never => {
      throw refusalError({ code, message }, ...field);
    };
    if (rule.sameProductOnly && variant.productId !== line.productId)
      return refuse('OTHER_PRODUCT', 'Choose another variant of the same product.');
    if (variant.id === line.variantId) return refuse('SAME_VARIANT', 'Choose another variant than the one ordered.');
    if (rule.availableOnly && !(variant.isAvailable && variant.product.isActive))
      return refuse('UNAVAILABLE', 'This variant cannot be bought at the moment. Choose an available one.');
    if (variant.priceAmount === null || variant.currencyCode !== order.currencyCode)
      return refuse('PRICE_UNKNOWN', `This variant has no price in ${order.currencyCode}. Choose another one.`);
    return { line, quantity, variant, unitPrice: amount(variant.priceAmount) };
  });
}

/** Sums what the replacements cost more than the units that they replace. Negative if they cost less. */
export function differenceOf(replacements: Replacement[], currencyCode: string): Amount {
  const each = replacements.map(({ line, quantity, unitPrice }) =>
    unitPrice.minus(amount(line.unitPrice)).times(quantity),
  );
  return sum(each).toDecimalPlaces(decimalsOf(currencyCode));
}

/** Returns the lines of the order with the replacements in place, as the input of an order write. */
export function linesWith(replacements: Replacement[], order: StoredOrder) {
  const sorted = order.lines.toSorted((a, b) => a.position - b.position);
  return sorted.flatMap((line) => {
    const own = replacements.filter((each) => each.line.id === line.id);
    const rest = own.reduce((left, { quantity }) => left - quantity, line.quantity);
    const kept = rest > 0 ? [keptLine(line, rest)] : [];
    return [
      ...kept,
      ...own.map((each, i) => {
        // The line keeps its ID if all of it becomes one other variant of its product.
        const isWhole = rest === 0 && i === 0 && each.variant.productId === line.productId;
        return replacedLine(each, isWhole ? line.id : undefined);
      }),
    ];
  });
}

function keptLine(line: StoredLine, quantity: number) {
  const { id, sku, title, productId, variantId } = line;
  const unitPrice = amount(line.unitPrice);
  const total = quantity === line.quantity ? amount(line.total) : undefined;
  return { input: { id, sku, title, quantity, unitPrice, total }, reference: { productId, variantId, title } };
}

function replacedLine({ line, quantity, variant, unitPrice }: Replacement, id: string | undefined) {
  const { id: variantId, productId, sku } = variant;
  const title = productId === line.productId ? line.title : variant.product.title;
  return { input: { id, sku, title, quantity, unitPrice }, reference: { productId, variantId, title } };
}

/** Returns the items as lines of a return. */
export function returnedLines(units: (Units & { variant?: Variant })[]) {
  return units.map(({ line, quantity, variant }) => ({
    orderLine: line.id,
    quantity,
    replacementVariant: variant?.id ?? null,
  }));
}
