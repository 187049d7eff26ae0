import type { Db } from '../db/database.ts';
import type { Transform } from '../graphql/sql/serializers.ts';
import type { FieldContext } from '../graphql/sql/sql-types.ts';
import { computedFrom } from '../query/compile/sql-field.ts';

/** Returns SQL for JSON about a row. Takes SQL for the ID of the row. */
type SqlOf = (id: string) => string;

/** Query of a field that is computed from JSON about its row. */
export function computedBySql(sqlOf: SqlOf, transform: Transform) {
  return {
    kind: 'sql',
    compile: (context: FieldContext) => computedFrom(context, [sqlOf(`${context.row.alias}."id"`)], transform),
  };
}

/** Reads the JSON about a row, for a resolver of such a field. */
export async function readBySql<Found>(db: Db, sqlOf: SqlOf, id: string): Promise<Found | null> {
  const text = `SELECT ${sqlOf('$2::uuid')} AS found`;
  const [row] = await db.query<{ found: Found | null }>({ text, values: [db.workspaceId, id] });
  return row?.found ?? null;
}
