import type { RowField } from '../../query/query-field.ts';
import type { Condition, RowSql } from '../../query/sql/condition.ts';
import type { Context } from '../context.ts';

/** Declares a field of `Query` that reads one row of a type. `find` throws if the arguments are invalid. */
export function rowField<Args extends object = { by: unknown }>(
  type: string | ((args: Args) => string | null),
  find: (args: Args, context: Context) => Condition | RowSql,
): RowField<Context> {
  return {
    kind: 'row',
    type: typeof type === 'string' ? type : (args) => type(args as Args),
    where: (args, context) => find(args as Args, context),
  };
}
