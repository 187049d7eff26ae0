import type { Prisma } from '../src/db/generated/prisma/client.ts';
import { newId } from '../src/lib/ids.ts';
import type { Tenant } from './api.ts';

/**
 * Writes a customer with at least seven rows in each table. Returns their UUID, key and ID, and an interaction's UUID.
 */
export async function writeManyRows(shop: Tenant, name: string, firstNumber: number) {
  const { workspaceId } = shop.db;
  const email = `${name}@example.com`;
  const { upsertCustomer } = await shop.data(
    'mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key, note: "n" }) { customer { id } } }',
    { key: { email } },
  );
  const stored = await shop.db.contactPoint.findFirstOrThrow({ where: { normalizedValue: email } });
  const { customerId } = stored;
  const own = Array.from({ length: 7 }, (_, i) => ({ workspaceId, id: newId(), customerId, i }));
  const at = new Date('2026-01-01');
  const called = (i: number) => ({ source: name, externalId: `${i}` });
  await shop.db.case.createMany({
    data: own.map(({ i, ...row }) => ({
      ...row,
      ...called(i),
      number: firstNumber + i,
      ...{ kind: 'QUESTION', status: 'OPEN', priority: 'LOW', subject: name },
      ...{ openedAt: at, createdAt: at, updatedAt: at },
    })),
  });
  const cases = own.map(({ id }) => id);
  await shop.db.caseHandoff.createMany({
    data: cases.map((caseId) => ({
      ...{ workspaceId, id: newId(), caseId, occurredAt: at, fromKind: 'BOT', to: 'desk', reason: name },
    })),
  });
  const interactions = own.map(({ i, ...row }) => ({
    ...row,
    ...called(i),
    id: newId(),
    caseId: cases[0] ?? null,
    ...{ channel: 'EMAIL', direction: 'INBOUND', kind: 'MESSAGE', actorKind: 'CUSTOMER', body: `${name} ${i}` },
    ...{ occurredAt: at, createdAt: at, updatedAt: at },
  })) satisfies Prisma.InteractionCreateManyInput[];
  await shop.db.interaction.createMany({ data: interactions });
  await shop.db.surveyResponse.createMany({
    data: own.map(({ i, ...row }) => ({
      ...row,
      ...called(i),
      id: newId(),
      ...{ kind: 'SUGGESTION', comment: name, respondedAt: at, createdAt: at },
      ...{ caseId: cases[i] ?? null, interactionId: interactions[i]?.id ?? null },
    })),
  });
  await shop.db.preference.createMany({
    data: own.map(({ i, ...row }) => ({
      ...row,
      ...{ key: `k${i}`, valueType: 'STRING', values: [name], origin: 'STATED', confidence: 1, status: 'ACTIVE' },
      ...{ doNotUse: false, validFrom: at, createdAt: at },
    })),
  });
  await shop.db.pastState.createMany({
    data: own.map(({ id }) => ({ workspaceId, customerId, entity: 'Case', entityId: id, until: at, state: { name } })),
  });
  return { customerId, customer: { email }, id: upsertCustomer.customer.id, interaction: interactions[0]?.id ?? '' };
}
