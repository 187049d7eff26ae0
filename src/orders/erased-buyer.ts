import { erasedAmong } from '../customers/keys.ts';
import type { Statements } from '../db/statements.ts';
import { lockRows } from '../db/transact.ts';
import { classOfText } from '../lib/pii.ts';
import type { OrderInput, ReturnInput } from './input.ts';
import type { OrderReferences } from './plan.ts';

/** Locks customers, as `lockRows` does. Returns those among them who were erased. */
export async function lockBuyers(tx: Statements, ids: string[]): Promise<Set<string>> {
  // Both are sent at once; the second one waits for the locks.
  const [, erased] = await Promise.all([lockRows(tx, 'Customer', ids), erasedAmong(tx, ids)]);
  return erased;
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
