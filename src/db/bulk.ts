import type { Tx } from './database.ts';
import type { Prisma } from './generated/prisma/client.ts';
import { executeLarge } from './large-statement.ts';

/**
 * Inserts rows of the workspace, any number in one statement: measured at 0.75 of COPY, where Prisma's createMany is
 * at 0.07. The first row says which columns are given, the others are null. Values as in JSON: instants, decimals and
 * UUIDs as text.
 */
export async function insertRows(tx: Tx, model: Prisma.ModelName, rows: object[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  await executeLarge(
    tx,
    `INSERT INTO "${model}" ("workspaceId", ${columns.map((column) => `"${column}"`).join(', ')})
      SELECT $1::uuid, ${columns.map((column) => `r."${column}"`).join(', ')}
      FROM json_populate_recordset(NULL::"${model}", $2::json) r`,
    tx.workspaceId,
    JSON.stringify(rows),
  );
}

/** Sets these columns of rows found by `id`, any number in one statement. */
export async function updateRows(tx: Tx, model: Prisma.ModelName, rows: { id: string }[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).filter((column) => column !== 'id');
  const assignments = columns.map((column) => `"${column}" = r."${column}"`).join(', ');
  await executeLarge(
    tx,
    `UPDATE "${model}" t SET ${assignments} FROM json_populate_recordset(NULL::"${model}", $2::json) r
      WHERE t."workspaceId" = $1::uuid AND t."id" = r."id"`,
    tx.workspaceId,
    JSON.stringify(rows),
  );
}
