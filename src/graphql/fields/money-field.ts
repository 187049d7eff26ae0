import type { ColumnsField } from '../../query/query-field.ts';
import { asMoney } from '../sql/serializers.ts';

type Row = Record<string, unknown>;
type Money = { amount: { toString(): string }; currencyCode: string };

/**
 * Returns the options of a field for an amount in a column. Its currency is in another column, such as `currencyCode`,
 * or in one of a related row, such as `order.currencyCode`.
 */
export function money(amount: string, currencyCode: string, description: string) {
  const [relation = '', column] = currencyCode.split('.');
  const query: ColumnsField = {
    kind: 'columns',
    columns: [amount, currencyCode],
    write: (members) => asMoney(members.map(({ key, name }, i) => ({ key: `${i > 0 ? ',' : ''}"${key}":`, name }))),
  };
  const resolve = (row: object): Money => {
    const { [amount]: value, [relation]: of } = row as Row;
    return { amount: value as Money['amount'], currencyCode: String(column === undefined ? of : (of as Row)[column]) };
  };
  return {
    type: 'Money' as const,
    description,
    // The names of columns are strings, which the types of Prisma cannot check.
    select: { [amount]: true, [relation]: column === undefined ? true : { select: { [column]: true } } } as Record<
      never,
      true
    >,
    resolve,
    extensions: { query },
  };
}
