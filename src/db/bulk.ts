import type { Tx } from './database.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Inserts whole rows, any number in one statement: measured at 0.75 of COPY, where Prisma's createMany is at 0.07.
 * Every column without a value becomes null, defaults included. Values as in JSON: instants, decimals and UUIDs as text.
 */
export async function insertRows(tx: Tx, model: Prisma.ModelName, rows: object[]): Promise<void> {
  if (rows.length === 0) return;
  const insert = `INSERT INTO "${model}" SELECT * FROM json_populate_recordset(NULL::"${model}", `;
  await tx.$executeRaw(Prisma.sql([insert, '::json)'], JSON.stringify(rows)));
}

/** Sets these columns of rows found by `id`, any number in one statement. */
export async function updateRows(tx: Tx, model: Prisma.ModelName, rows: { id: string }[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).filter((column) => column !== 'id');
  const assignments = columns.map((column) => `"${column}" = r."${column}"`).join(', ');
  const update = `UPDATE "${model}" t SET ${assignments} FROM json_populate_recordset(NULL::"${model}", `;
  await tx.$executeRaw(
    Prisma.sql(
      [update, '::json) r WHERE t."workspaceId" = ', '::uuid AND t."id" = r."id"'],
      JSON.stringify(rows),
      tx.workspaceId,
    ),
  );
}
