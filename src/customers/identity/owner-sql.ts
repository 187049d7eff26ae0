import { workspace } from '../../db/statements.ts';
import type { Claim } from './identifiers.ts';

type Parameter = (value: unknown) => string;

/** Returns SQL for the ID of the customer who has an identifier. Null if nobody has it. */
export function ownerSql({ kind, ...claim }: Claim, parameter: Parameter): string {
  return owners[kind](
    () => parameter(claim.value),
    () => parameter('source' in claim ? claim.source : null),
  );
}

/** SQL that finds the owner of each kind of identifier with one index. A merged customer resolves to the other one. */
export const owners: Record<Claim['kind'], (value: () => string, source: () => string) => string> = {
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
