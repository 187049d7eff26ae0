import * as z from 'zod';
import type { Db } from '../../db/database.ts';
import { transact } from '../../db/write/transact.ts';
import { canonical } from '../../lib/changes.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { name, parseInput } from '../../lib/fields.ts';
import { newId } from '../../lib/ids.ts';
import type { UpsertResult } from '../../lib/upsert-result.ts';
import { policyRules, shippedPolicies } from './policy-rules.ts';

const policyInput = z.strictObject({
  shipped: name(100).nullish(),
  rules: z.unknown().optional(),
  expectedVersion: z.int().min(0, 'Must not be negative.').nullish(),
});

/**
 * Puts a policy in force as the next version: the given rules, or those of a shipped policy. Earlier versions stay. The
 * same rules as in force change nothing.
 */
export function setOrderPolicy(db: Db, input: unknown): Promise<UpsertResult> {
  const { shipped, rules: given, expectedVersion } = parseInput(policyInput, input);
  if ((shipped ?? null) === null ? (given ?? null) === null : (given ?? null) !== null)
    throw invalid('Send either `rules` or `shipped`, the name of a policy that ships with Rapport.', 'rules');
  const rules = shipped ? shippedRules(shipped) : parseInput(policyRules, given, 'rules');
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    // One policy at a time gets the next version.
    const lock = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';
    await tx.query({ text: lock, values: [`${workspaceId} order policy`] });
    const before = await tx.orderPolicy.findFirst({ where: { workspaceId }, orderBy: { version: 'desc' } });
    const current = before?.version ?? 0;
    if (expectedVersion !== null && expectedVersion !== undefined && expectedVersion !== current) {
      const message = `The policy in force has version ${current}. Read it again before you replace it.`;
      throw new DomainError('CONFLICT', message, { field: ['expectedVersion'], currentVersion: current });
    }
    if (before && canonical(before.rules) === canonical(rules)) return { id: before.id, outcome: 'NOOP' };
    const id = newId();
    const row = { workspaceId, id, version: current + 1, name: rules.name, rules, createdAt: new Date() };
    await tx.orderPolicy.create({ data: row });
    return { id, outcome: before ? 'UPDATED' : 'CREATED' };
  });
}

function shippedRules(shipped: string) {
  const found = Object.hasOwn(shippedPolicies, shipped) ? shippedPolicies[shipped] : undefined;
  if (!found) {
    const names = Object.keys(shippedPolicies).join(', ');
    throw new DomainError('NOT_FOUND', `No policy of this name ships with Rapport. Send one of: ${names}.`, {
      field: ['shipped'],
    });
  }
  return parseInput(policyRules, found, 'shipped');
}
