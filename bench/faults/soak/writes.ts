import type pg from 'pg';

/** A write with its request. `id` is its external ID and its idempotency key. */
export type Write = { id: string; kind: 'interaction' | 'order'; email: string; body: string };

const mutations = {
  interaction: `mutation Record($input: UpsertInteractionInput!, $key: String) {
    upsertInteraction(input: $input, idempotencyKey: $key) { outcome interaction { id } } }`,
  order: `mutation Order($input: UpsertOrderInput!, $key: String) {
    upsertOrder(input: $input, idempotencyKey: $key) { outcome order { id } } }`,
};

/** The request of a write. `text` becomes the body of the interaction or the note of the order. */
export function writeOf(kind: Write['kind'], id: string, email: string, text = id): Write {
  const key = { externalId: { source: 'soak', value: id } };
  const about = { key, customer: { email } };
  const at = '2026-11-20T10:00:00.000Z';
  const inputs = {
    interaction: { ...about, channel: 'EMAIL', direction: 'INBOUND', occurredAt: at, body: text },
    order: {
      ...about,
      placedAt: at,
      currencyCode: 'PLN',
      note: text,
      lines: [{ title: 'Lamp', quantity: 2, unitPrice: '5' }],
    },
  };
  const body = JSON.stringify({ query: mutations[kind], variables: { input: inputs[kind], key: id } });
  return { id, kind, email, body };
}

/** Lists acknowledged writes that are not stored exactly once as they were sent, and refused writes that are stored. */
export async function wrongWrites(client: pg.Client, acknowledged: Map<string, Write>, refused: Set<string>) {
  const { rows } = await client.query<{ id: string; kind: string; email: string; text: string; lines: number }>(stored);
  const times = new Map<string, number>();
  const wrong: string[] = [];
  for (const { id, kind, email, text, lines } of rows) {
    times.set(id, (times.get(id) ?? 0) + 1);
    const write = acknowledged.get(id);
    if (refused.has(id)) wrong.push(`${id} was refused and is stored`);
    const isWhole = kind === 'interaction' || lines === 1;
    if (write && !(write.kind === kind && write.email === email && text === id && isWhole))
      wrong.push(`${id} is stored otherwise than it was sent`);
  }
  for (const id of acknowledged.keys())
    if (times.get(id) !== 1) wrong.push(`${id} is stored ${times.get(id) ?? 0} times`);
  return wrong;
}

const stored = `SELECT s.*, p."normalizedValue" AS email FROM (
    SELECT "workspaceId", "customerId", "externalId" AS id, 'interaction' AS kind, "body" AS text, 0 AS lines
    FROM "Interaction" WHERE "source" = 'soak'
    UNION ALL
    SELECT "workspaceId", "customerId", "externalId", 'order', "note", (SELECT count(*)::integer FROM "OrderLine" l
      WHERE l."workspaceId" = o."workspaceId" AND l."orderId" = o."id" AND l."quantity" = 2 AND l."total" = 10)
    FROM "Order" o WHERE "source" = 'soak' AND "total" = 10
  ) s JOIN "ContactPoint" p ON p."workspaceId" = s."workspaceId" AND p."customerId" = s."customerId" AND p."kind" = 'EMAIL'`;
