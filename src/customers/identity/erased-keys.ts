import { createHash } from 'node:crypto';
import type { Statements } from '../../db/statements.ts';
import { DomainError } from '../../lib/errors.ts';
import { type Claim, claimText } from './identifiers.ts';

/** Finds the erased customers that had these identifiers, by `claimText`. Skips IDs, which customers keep. */
export async function findErased(tx: Statements, claims: Claim[]): Promise<Map<string, string>> {
  const wanted = new Map<string, { claim: string; isFormer: boolean }[]>();
  const want = (claim: Claim, held: Claim, isFormer: boolean) => {
    const hash = erasedKeyOf(tx.workspaceId, held);
    wanted.set(hash, [...(wanted.get(hash) ?? []), { claim: claimText(claim), isFormer }]);
  };
  for (const claim of claims) {
    if (claim.kind === 'ID') continue;
    want(claim, claim, false);
    if (claim.kind !== 'EXTERNAL') for (const value of claim.former) want(claim, { ...claim, value }, true);
  }
  if (wanted.size === 0) return new Map();
  const text = `SELECT wanted.hash, found."isLegacy", found."customerId" AS owner FROM unnest($2::text[]) AS wanted(hash)
    CROSS JOIN LATERAL (SELECT "customerId", "isLegacy" FROM "ErasedKey"
      WHERE "workspaceId" = $1::uuid AND "hash" = wanted.hash LIMIT 1) found`;
  const values = [tx.workspaceId, [...wanted.keys()]];
  const rows = await tx.query<{ hash: string; isLegacy: boolean; owner: string }>({ text, values });
  const found = new Map<string, string>();
  for (const { hash, isLegacy, owner } of rows) {
    for (const { claim, isFormer } of wanted.get(hash) ?? []) {
      // The former form may now be a different contact point, such as the same number without its extension.
      if (isLegacy || !isFormer) found.set(claim, owner);
    }
  }
  return found;
}

/** Hashes an identifier of an erased customer, so that it can be recognized later but not read. */
export function erasedKeyOf(workspaceId: string, claim: Claim): string {
  return createHash('sha256')
    .update(`${workspaceId} ${claimText(claim)}`)
    .digest('base64url');
}

/** Creates a CONFLICT error: this customer was erased. */
export function erasedRefusal(...field: (string | number)[]): DomainError {
  return new DomainError(
    'CONFLICT',
    'This customer was erased. Call `upsertCustomer` with `revive: true` to write to them again.',
    { field },
  );
}
