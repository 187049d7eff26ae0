import type { FieldNode, GraphQLField, GraphQLObjectType } from 'graphql';
import type { RowField } from '../query-field.ts';
import { argumentReader } from '../selection.ts';
import { conditionSql } from '../sql/condition.ts';
import { sql } from '../sql/sql.ts';
import { type CompiledField, type Compiler, NeedsResolver, type Request, type Row, rowJson } from './compiler.ts';

/** Compiles the row of a model that meets a condition, at the top level. */
export function compileRow<Context>(
  compiler: Compiler<Context>,
  field: GraphQLField<unknown, unknown>,
  { where }: RowField<Context>,
  nodes: FieldNode[],
  type: GraphQLObjectType,
): CompiledField<Context> {
  const [node] = nodes;
  if (!node || !compiler.rules.datamodel.has(type.name)) throw new NeedsResolver(field.name);
  if (!compiler.mayRead(type.name)) throw new NeedsResolver(field.name);
  const row: Row = { model: type.name, alias: compiler.alias(), related: {} };
  const { columns, write } = compiler.object(type, nodes, row);
  const argumentsFor = argumentReader(field, node);
  const meets = (request: Request<Context>) => {
    const condition = where(argumentsFor(request.variables), request.context);
    if (typeof condition === 'function') return condition(row.alias, request.parameter);
    return conditionSql(compiler.conditionScope(request), row.model, row.alias, condition);
  };
  return {
    columns: [
      sql`(SELECT ${rowJson(columns)} FROM "${row.model}" ${row.alias} WHERE ${compiler.tenantSql(row)} AND ${meets} LIMIT 1)`,
    ],
    write: (json, out, state) => {
      json.row(out, (within) => write(within, out, state));
    },
  };
}
