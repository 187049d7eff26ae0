import { models } from '../../db/datamodel.ts';

let known: Map<string, boolean> | null = null;

/** Whether a column is nullable in the Prisma schema. */
export function isNullable(model: string, column: string): boolean {
  known ??= new Map(
    Object.entries(models).flatMap(([name, { fields }]) =>
      fields.map((field) => [`${name}.${field.name}`, !field.isRequired] as const),
    ),
  );
  const nullable = known.get(`${model}.${column}`);
  if (nullable === undefined) throw new Error(`The Prisma schema has no column ${model}.${column}.`);
  return nullable;
}
