import { createHash } from 'node:crypto';
import type { Statements } from '../db/statements.ts';
import { DomainError } from '../lib/errors.ts';
import { type Claim, claimText } from './claims.ts';

/** The erased customers that held these claims, by `claimText`. An id is never given up. */
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
      // The former form of one contact point may be another one today: a number without its extension.
      if (isLegacy || !isFormer) found.set(claim, owner);
    }
  }
  return found;
}

/** What stays of a claim when its customer is erased: enough to recognise it, and nothing to read. */
export function erasedKeyOf(workspaceId: string, claim: Claim): string {
  return createHash('sha256')
    .update(`${workspaceId} ${claimText(claim)}`)
    .digest('base64url');
}

/** CONFLICT: this person was erased. */
export function erasedRefusal(...field: (string | number)[]): DomainError {
  return new DomainError(
    'CONFLICT',
    'This person was erased. Send `revive: true` to `upsertCustomer` to write them again.',
    { field },
  );
}
