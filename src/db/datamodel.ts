import { getDatamodel } from './generated/pothos.ts';

/** Prisma's data model. Generated code parses it again on every call, so everything shares this one. */
export const datamodel = getDatamodel();

/** Columns and relations of each table, which has the name of its model. */
export const { models } = datamodel.datamodel;

/** Returns the columns that identify a row within its workspace. */
export function keyOf(table: string): string[] {
  return models[table]?.primaryKey?.fields.filter((name) => name !== 'workspaceId') ?? [];
}
