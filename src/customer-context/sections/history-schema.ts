import { list, rowsOf, type SqlField } from '../../graphql/sql/sql-types.ts';
import { tables } from '../../lib/tables.ts';
import { guarded } from '../guard-schema.ts';
import { own } from '../sql.ts';

const size = 20;

/** Lists of the customer's rows, from the manifests of the domains. */
export const historyLists = tables.flatMap(({ name: table, scope, history, time }) =>
  history ? [{ table, scope, order: [time, 'id'], isExpected: false, ...history }] : [],
);

/** Fields of `customerContext.history`. */
export const history: Record<string, SqlField> = Object.fromEntries(
  historyLists.map(({ table, scope, name, description, order, purposes }) => [
    name,
    guarded(
      `history.${name}`,
      { scopes: [scope], purposes, needsConsent: true },
      list(
        rowsOf(table, 'h'),
        `${own(table, 'h')} ORDER BY ${order.map((column) => `h."${column}" DESC`).join(', ')}`,
        size,
        description,
      ),
    ),
  ]),
);
