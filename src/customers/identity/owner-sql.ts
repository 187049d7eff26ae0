import { workspace } from '../../db/statements.ts';
import type { CustomerIdentifier } from './identifiers.ts';

type Parameter = (value: unknown) => string;

/** Returns SQL for the ID of the customer who has an identifier. Null if nobody has it. */
export function ownerSql({ kind, ...identifier }: CustomerIdentifier, parameter: Parameter): string {
  return owners[kind](
    () => parameter(identifier.value),
    () => parameter('source' in identifier ? identifier.source : null),
  );
}

/** SQL that finds the owner of each kind of identifier with one index. A merged customer resolves to the other one. */
export const owners: Record<CustomerIdentifier['kind'], (value: () => string, source: () => string) => string> = {
  ID: (value) =>
    `(SELECT coalesce("mergedIntoId", "id") FROM "Customer" WHERE "workspaceId" = ${workspace} AND "id" = ${value()}::uuid)`,
  EMAIL: contact('EMAIL'),
  PHONE: contact('PHONE'),
  SOCIAL: contact('SOCIAL'),
  EXTERNAL: (value, source) =>
    `(SELECT "customerId" FROM "CustomerExternalId" WHERE "workspaceId" = ${workspace} AND "source" = ${source()} AND "value" = ${value()})`,
};

function contact(kind: string) {
  return (value: () => string) =>
    `(SELECT "customerId" FROM "ContactPoint" WHERE "workspaceId" = ${workspace} AND "normalizedValue" = ${value()} AND "kind" = '${kind}')`;
}
