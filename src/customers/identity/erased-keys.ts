import { createHash } from 'node:crypto';
import type { Statements } from '../../db/statements.ts';
import { DomainError } from '../../lib/errors.ts';
import { type CustomerIdentifier, identifierText } from './identifiers.ts';

/** Finds the erased customers that had these identifiers, by `identifierText`. Skips IDs, which customers keep. */
export async function findErased(tx: Statements, identifiers: CustomerIdentifier[]): Promise<Map<string, string>> {
  const wanted = new Map<string, { identifier: string; isFormer: boolean }[]>();
  const want = (identifier: CustomerIdentifier, held: CustomerIdentifier, isFormer: boolean) => {
    const hash = erasedKeyOf(tx.workspaceId, held);
    wanted.set(hash, [...(wanted.get(hash) ?? []), { identifier: identifierText(identifier), isFormer }]);
  };
  for (const identifier of identifiers) {
    if (identifier.kind === 'ID') continue;
    want(identifier, identifier, false);
    if (identifier.kind !== 'EXTERNAL')
      for (const value of identifier.former) want(identifier, { ...identifier, value }, true);
  }
  if (wanted.size === 0) return new Map();
  const text = `SELECT wanted.hash, found."isLegacy", found."customerId" AS owner FROM unnest($2::text[]) AS wanted(hash)
    CROSS JOIN LATERAL (SELECT "customerId", "isLegacy" FROM "ErasedKey"
      WHERE "workspaceId" = $1::uuid AND "hash" = wanted.hash LIMIT 1) found`;
  const values = [tx.workspaceId, [...wanted.keys()]];
  const rows = await tx.query<{ hash: string; isLegacy: boolean; owner: string }>({ text, values });
  const found = new Map<string, string>();
  for (const { hash, isLegacy, owner } of rows) {
    for (const { identifier, isFormer } of wanted.get(hash) ?? []) {
      // The former form may now be a different contact point, such as the same number without its extension.
      if (isLegacy || !isFormer) found.set(identifier, owner);
    }
  }
  return found;
}

/** Hashes an identifier of an erased customer, so that it can be recognized later but not read. */
export function erasedKeyOf(workspaceId: string, identifier: CustomerIdentifier): string {
  return createHash('sha256')
    .update(`${workspaceId} ${identifierText(identifier)}`)
    .digest('base64url');
}

/** Creates a CONFLICT error: this customer was erased. */
export function erasedError(...field: (string | number)[]): DomainError {
  return new DomainError(
    'CONFLICT',
    'This customer was erased. Call `upsertCustomer` with `revive: true` to write to them again.',
    { field },
  );
}
