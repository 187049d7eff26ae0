import { type FieldNode, type GraphQLField, getNamedType, isObjectType } from 'graphql';
import type { SourceField } from '../query-field.ts';
import type { Sql } from '../sql/sql.ts';
import { type CompiledField, type Compiler, namedColumns, type Request } from './compiler.ts';

/** Compiles an object that SQL of its own selects. The first column of its row is the person whose data it holds. */
export function compileSource<Context>(
  compiler: Compiler<Context>,
  field: GraphQLField<unknown, unknown>,
  declared: SourceField<Context>,
  nodes: FieldNode[],
): CompiledField<Context> {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) throw new Error(`${field.name} returns no object.`);
  const { columns, write } = compiler.object(type, nodes, { model: '', alias: declared.alias, related: {} });
  const selected: Sql<Request<Context>> = namedColumns([[declared.owner], ...columns]);
  const around = (request: Request<Context>): [string, string] => {
    const { tables = '', from } = declared.from(compiler.shape ?? {}, (name) =>
      request.parameter(request.values[name]),
    );
    return [`(SELECT row_to_json(x) FROM (${tables} SELECT `, ` ${from}) x)`];
  };
  return {
    columns: [[{ around, within: selected }]],
    write: (json, out, state) => {
      json.row(out, (within) => {
        state.person = within.column().slice(1, -1);
        state.owner = state.person;
        write(within, out, state);
      });
    },
  };
}
