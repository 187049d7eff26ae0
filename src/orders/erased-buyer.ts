import type { Statements } from '../db/statements.ts';
import { lockingSql } from '../db/write/transact.ts';
import { DomainError } from '../lib/errors.ts';
import { classOfText } from '../lib/pii.ts';
import type { OrderInput, ReturnInput } from './input.ts';
import type { OrderReferences } from './references.ts';

/** Locks customers as `lockRows` does, and returns the IDs of those who were erased. */
export async function lockBuyers(tx: Statements, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const text = `WITH locked AS (${lockingSql('Customer', '"id", "status"')}) SELECT "id" FROM locked WHERE "status" = 'ERASED'`;
  const erased = await tx.query<{ id: string }>({ text, values: [tx.workspaceId, [...new Set(ids)]] });
  return new Set(erased.map(({ id }) => id));
}

/**
 * Throws CONFLICT if a stored order or return would move to or from an erased customer. A record that moves to them
 * would keep its personal texts, and one that moves away while the erasure runs would escape it.
 */
export function checkMove(before: string | null, after: string | null, erased: Set<string>, field: string): void {
  if (before === after || ![before, after].some((id) => id !== null && erased.has(id))) return;
  const message = 'Records cannot move to or from an erased customer. Keep the current customer.';
  throw new DomainError('CONFLICT', message, { field: [field] });
}

/** Placeholder for an erased text in a column that must not be empty. */
export const erasedText = 'Erased';

type Given = { input: OrderInput; refersTo: OrderReferences };

/**
 * Removes the personal data from an order of an erased buyer, so that sending the order again changes nothing. A title
 * may be personal, such as an engraving. So the given titles are dropped, and only a stored title is kept.
 */
export function withoutPersonal({ input, refersTo }: Given): Given {
  const { number, lines, payments, fulfillments } = input;
  const order = {
    ...input,
    ...(isPersonal(number ?? input.key.externalId?.value) && { number: erasedText }),
    ...{ note: null, cancelReason: null, shippingAddress: null },
    ...(lines && { lines: lines.map((line) => ({ ...line, title: undefined })) }),
    // The payment methods are erased.
    ...(payments && { payments: payments.map((each) => ({ ...each, paymentMethod: null })) }),
    ...(fulfillments && { fulfillments: fulfillments.map((each) => ({ ...each, trackingNumber: null })) }),
  };
  const titled = refersTo.lines.map((line, i) => (lines?.[i]?.title ? { ...line, title: erasedText } : line));
  return { input: order, refersTo: { ...refersTo, lines: titled, paymentMethods: [] } };
}

/** Removes the personal data from a return. `titles` are those of the order lines, which may stay. */
export function returnWithoutPersonal(input: ReturnInput, titles: string[]): ReturnInput {
  const lines = input.lines?.map((line) => ({
    ...line,
    ...(line.title && !titles.includes(line.title) && { title: erasedText }),
  }));
  return { ...input, reason: null, ...(input.paymentMethod && { paymentMethod: null }), ...(lines && { lines }) };
}

/** Whether an order number from another system is an email address or phone number. */
export function isPersonal(number: string | null | undefined): boolean {
  return classOfText(number) !== null;
}
