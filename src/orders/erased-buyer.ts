import type { Statements } from '../db/statements.ts';
import { lockingSql } from '../db/transact.ts';
import { DomainError } from '../lib/errors.ts';
import { classOfText } from '../lib/pii.ts';
import type { OrderInput, ReturnInput } from './input.ts';
import type { OrderReferences } from './plan.ts';

/** Locks customers, as `lockRows` does. Returns those among them who were erased. */
export async function lockBuyers(tx: Statements, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const text = `WITH locked AS (${lockingSql('Customer', '"id", "status"')}) SELECT "id" FROM locked WHERE "status" = 'ERASED'`;
  const erased = await tx.query<{ id: string }>({ text, values: [tx.workspaceId, [...new Set(ids)]] });
  return new Set(erased.map(({ id }) => id));
}

/**
 * CONFLICT if an order or return that is recorded would change hands with somebody who was erased. What came to them would
 * keep its texts, and what went from them while the erasure runs would escape it.
 */
export function checkMove(before: string | null, after: string | null, erased: Set<string>, field: string): void {
  if (before === after || ![before, after].some((id) => id !== null && erased.has(id))) return;
  const message = 'It cannot move to or from a customer who was erased. Leave its customer as it is.';
  throw new DomainError('CONFLICT', message, { field: [field] });
}

/** What stands for a text that is gone but may not be empty. */
export const erasedText = 'Erased';

type Given = { input: OrderInput; refersTo: OrderReferences };

/**
 * An order without what is personal, as it is kept of a buyer who was erased: sent again it is the same. A title may be
 * what was engraved, so only one that is stored still, the catalogue's, says what was sold.
 */
export function withoutPersonal({ input, refersTo }: Given): Given {
  const { number, lines, fulfillments } = input;
  const order = {
    ...input,
    ...(isPersonal(number ?? input.key.externalId?.value) && { number: erasedText }),
    ...{ note: null, cancelReason: null, shippingAddress: null },
    ...(lines && { lines: lines.map((line) => ({ ...line, title: undefined })) }),
    ...(fulfillments && { fulfillments: fulfillments.map((each) => ({ ...each, trackingNumber: null })) }),
  };
  const titled = refersTo.lines.map((line, i) => (lines?.[i]?.title ? { ...line, title: erasedText } : line));
  return { input: order, refersTo: { ...refersTo, lines: titled } };
}

/** The same of a return of an order whose lines have these titles. */
export function returnWithoutPersonal(input: ReturnInput, titles: string[]): ReturnInput {
  const lines = input.lines?.map((line) => ({
    ...line,
    ...(line.title && !titles.includes(line.title) && { title: erasedText }),
  }));
  return { ...input, reason: null, ...(lines && { lines }) };
}

/** Whether a number that another system gave is somebody's email address or phone number. */
export function isPersonal(number: string | null | undefined): boolean {
  return classOfText(number) !== null;
}
