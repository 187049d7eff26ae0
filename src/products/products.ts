import { z } from 'zod';
import { insertRows, updateRows } from '../db/bulk.ts';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, entityKeyText, findEntities } from '../db/entity-keys.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import { transact } from '../db/transact.ts';
import { differs, keep } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { currencyCode, name, parseInput, positiveDecimal, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { accepted, inRounds, only, refused, type WriteResult, type Written, writeValid } from '../lib/written.ts';

const variantInput = z.strictObject({
  sku: name(200),
  options: z.record(name(100), text(300)).nullish(),
  price: positiveDecimal().nullish(),
  currencyCode: currencyCode().nullish(),
  isAvailable: z.boolean().nullish(),
});

/** What is left out stays as it is; `variants` are matched by SKU and those not named stay too. */
const productInput = z.strictObject({
  key: entityKey('Product'),
  title: name(500).nullish(),
  category: name(200).nullish(),
  tags: z.array(name(100)).max(100).nullish(),
  isActive: z.boolean().nullish(),
  variants: z.array(variantInput).max(2_000).nullish(),
});

type ProductInput = z.output<typeof productInput>;
type StoredProduct = Prisma.ProductGetPayload<{ include: { variants: true } }>;

export async function upsertProduct(db: Db, input: unknown): Promise<Written> {
  return transact(db, async (tx) => only(await upsertProducts(tx, [input])));
}

/** Many at once, each written or refused on its own. */
export async function upsertProducts(tx: Tx, inputs: unknown[]): Promise<WriteResult[]> {
  const parse = (input: unknown) => {
    const product = parseInput(productInput, input);
    for (const [i, { price, currencyCode }] of (product.variants ?? []).entries()) {
      if (price && !currencyCode) throw invalid('A price needs its currency.', 'variants', i, 'currencyCode');
    }
    return product;
  };
  return writeValid(inputs, parse, (items) =>
    inRounds(
      items,
      ({ key }) => [entityKeyText(key)],
      (round) => writeRound(tx, round),
    ),
  );
}

async function writeRound(tx: Tx, items: ProductInput[]): Promise<WriteResult[]> {
  const ids = await findEntities(
    tx,
    'Product',
    items.map(({ key }) => key),
  );
  const known = ids.filter((id) => id !== null);
  const rows =
    known.length > 0
      ? await tx.product.findMany({
          where: { workspaceId: tx.workspaceId, id: { in: known } },
          include: { variants: true },
        })
      : [];
  const stored = new Map(rows.map((row) => [row.id, row]));

  const plans = items.map((item, i) => planProduct(tx.workspaceId, item, stored.get(ids[i] ?? '') ?? null));
  const writable = plans.filter((plan) => accepted(plan));
  const updatedAt = new Date();
  const created = writable.filter(({ outcome }) => outcome === 'CREATED');
  const updated = writable.filter(({ outcome }) => outcome === 'UPDATED');
  await insertRows(
    tx,
    'Product',
    created.map(({ row }) => ({ ...row, createdAt: updatedAt, updatedAt })),
  );
  await updateRows(
    tx,
    'Product',
    updated.map(({ row }) => ({ ...row, updatedAt })),
  );
  await insertRows(
    tx,
    'ProductVariant',
    writable.flatMap(({ newVariants }) => newVariants),
  );
  await updateRows(
    tx,
    'ProductVariant',
    writable.flatMap(({ changedVariants }) => changedVariants),
  );
  return plans.map((plan) => (refused(plan) ? plan : { id: plan.row.id, outcome: plan.outcome }));
}

function planProduct(workspaceId: string, input: ProductInput, stored: StoredProduct | null) {
  const { key, variants } = input;
  if (!stored && key.id) return new DomainError('NOT_FOUND', 'No such product.', { field: ['key', 'id'] });
  const title = keep(input.title, stored?.title) ?? key.externalId?.value;
  const row = {
    workspaceId,
    id: stored?.id ?? newId(),
    source: stored?.source ?? key.externalId?.source ?? null,
    externalId: stored?.externalId ?? key.externalId?.value ?? null,
    title: title ?? '',
    category: keep(input.category, stored?.category),
    tags: keep(input.tags, stored?.tags) ?? [],
    isActive: keep(input.isActive, stored?.isActive) ?? true,
  };

  const bySku = new Map(stored?.variants.map((variant) => [variant.sku, variant]));
  const rows = (variants ?? []).map((variant, i) => {
    const before = bySku.get(variant.sku);
    return {
      workspaceId,
      id: before?.id ?? newId(),
      productId: row.id,
      sku: variant.sku,
      options: keep(variant.options, before?.options) ?? {},
      priceAmount: keep(variant.price, before?.priceAmount),
      currencyCode: keep(variant.currencyCode, before?.currencyCode),
      isAvailable: keep(variant.isAvailable, before?.isAvailable) ?? true,
      position: before?.position ?? bySku.size + i,
    };
  });
  const newVariants = rows.filter(({ sku }) => !bySku.has(sku));
  const changedVariants = rows.filter(
    (variant) => bySku.has(variant.sku) && differs(variant, bySku.get(variant.sku) ?? {}),
  );
  const changed = newVariants.length + changedVariants.length > 0 || differs(row, stored ?? {});
  const outcome: Written['outcome'] = stored ? (changed ? 'UPDATED' : 'NOOP') : 'CREATED';
  return { row, outcome, newVariants, changedVariants };
}
