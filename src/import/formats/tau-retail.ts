import * as z from 'zod';
import { problemsError } from '../../lib/errors.ts';
import { type ImportFormat, type ImportItem, refusal, type SourceRow } from '../format.ts';
import { caseItems } from './tau-retail/conversations.ts';
import { type Kind, parseFile } from './tau-retail/entries.ts';
import { customerItems, orderItems, productItems } from './tau-retail/records.ts';
import { conversation, order, product, user } from './tau-retail/source-types.ts';

/**
 * tau-bench retail: users, products and orders as JSON objects, conversations as JSON lines. The content of a file
 * shows which of these it holds; files are read in the order in which they refer to each other, each one as a whole.
 * The source has no dates and no currency: orders and conversation turns are one second apart, and amounts are in USD.
 */
export const tauRetail: ImportFormat = {
  needsUndatedAt: true,
  async *read(files, { source, undatedAt }) {
    let next = undatedAt?.getTime() ?? 0;
    const tick = () => {
      const at = new Date(next);
      next += 1_000;
      return at;
    };
    const keyOf = (value: string) => ({ externalId: { source, value } });
    const read: Record<Kind, (entry: unknown, name: string, row: SourceRow) => Iterable<ImportItem>> = {
      users: (entry, name, row) => customerItems(user.parse(entry), name, keyOf, row),
      products: (entry, _name, row) => productItems(product.parse(entry), keyOf, row),
      orders: (entry, _name, row) => orderItems(order.parse(entry), keyOf, tick(), row),
      conversations: (entry, name, row) =>
        caseItems(conversation.parse(entry).messages_display, name, keyOf, tick, row),
    };
    const parsed = await Promise.all(files.map(parseFile));
    for (const kind of ['users', 'products', 'orders', 'conversations'] as const) {
      for (const entry of parsed.filter((file) => file.kind === kind).flatMap(({ entries }) => entries)) {
        if ('flaw' in entry) yield refusal(entry.flaw, [entry.row]);
        else yield* refuseMalformed(() => read[kind](entry.value, entry.name, entry.row), entry.row, entry.name);
      }
    }
  },
};

function* refuseMalformed(read: () => Iterable<ImportItem>, row: SourceRow, name: string): Generator<ImportItem> {
  try {
    yield* read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => ({
      code: 'INVALID_INPUT' as const,
      message: `${message}.`,
      field: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    }));
    yield { error: problemsError(problems), rows: [row], key: { externalId: name } };
  }
}
