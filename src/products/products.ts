import * as z from 'zod';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, identifyByKey } from '../db/entity-keys.ts';
import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Statement } from '../db/statements.ts';
import type { Bulk } from '../db/write/bulk.ts';
import { type BulkWriter, bulkUpsert, writeOne } from '../db/write/bulk-upsert.ts';
import { lockRows } from '../db/write/transact.ts';
import { differs, keep } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { currencyCode, listOf, name, parseInput, positiveDecimal, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { distinctLabels } from '../lib/text/fold.ts';
import { sortKey } from '../lib/text/sort-key.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../lib/versions.ts';

const variantInput = z.strictObject({
  sku: name(200),
  options: z.record(name(100), text(300)).nullish(),
  price: positiveDecimal().nullish(),
  currencyCode: currencyCode().nullish(),
  isAvailable: z.boolean().nullish(),
});

/** Omitted fields keep their value. `variants` are matched by SKU, and omitted variants stay unchanged. */
const productInput = z.strictObject({
  key: entityKey('Product'),
  title: name(500).nullish(),
  category: name(200).nullish(),
  tags: listOf(name(100), 100).nullish(),
  isActive: z.boolean().nullish(),
  variants: listOf(variantInput, 2_000).nullish(),
  expectedVersion,
});

type ProductInput = z.output<typeof productInput>;
type StoredProduct = Prisma.ProductGetPayload<{ include: { variants: true } }>;

/** Creates or updates the product identified by the key, and returns which of the two happened. */
export function upsertProduct(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, productWriter, input);
}

export const productWriter: BulkWriter<ProductInput> = {
  parse(input) {
    const product = parseInput(productInput, input);
    const skus = new Set<string>();
    for (const [i, { sku, price, currencyCode }] of (product.variants ?? []).entries()) {
      if (price && !currencyCode)
        throw invalid('A variant with `price` requires `currencyCode`.', 'variants', i, 'currencyCode');
      if (skus.has(sku)) throw invalid('Duplicate SKU in this product.', 'variants', i, 'sku');
      skus.add(sku);
    }
    return product;
  },
  ...bulkUpsert({
    weigh: ({ variants }: ProductInput) => 1 + (variants?.length ?? 0),
    identify: (tx, items: ProductInput[]) => identifyByKey(tx, 'Product', items),
    read: (tx, subjects) =>
      readProducts(
        tx,
        subjects.flatMap(({ id }) => id ?? []),
      ),
    plan: ({ input, id }, stored) => planProduct(input, stored.get(id ?? '') ?? null),
    write: writePlans,
  }),
};

async function readProducts(tx: Tx, ids: string[]): Promise<Map<string, StoredProduct>> {
  if (ids.length === 0) return new Map();
  await lockRows(tx, 'Product', ids);
  const where = { workspaceId: tx.workspaceId, id: { in: ids } };
  const rows = await tx.product.findMany({ where, include: { variants: true } });
  return new Map(rows.map((row) => [row.id, row]));
}

function writePlans(plans: ReturnType<typeof planProduct>[], bulk: Bulk): Statement[] {
  return [
    ...bulk.save('Product', plans),
    ...bulk.insert(
      'ProductVariant',
      plans.flatMap(({ newVariants }) => newVariants),
    ),
    ...bulk.update(
      'ProductVariant',
      plans.flatMap(({ changedVariants }) => changedVariants),
    ),
  ];
}

function planProduct(input: ProductInput, stored: StoredProduct | null) {
  const { key, variants } = input;
  if (!stored && key.id) throw new DomainError('NOT_FOUND', 'No product has this ID.', { field: ['key', 'id'] });
  checkVersion(input.expectedVersion, stored);
  const title = keep(input.title, stored?.title) ?? key.externalId?.value;
  const row = {
    id: stored?.id ?? newId(),
    source: stored?.source ?? key.externalId?.source ?? null,
    externalId: stored?.externalId ?? key.externalId?.value ?? null,
    title: title ?? '',
    category: keep(input.category, stored?.category),
    sortName: sortKey(title ?? ''),
    tags: input.tags ? distinctLabels(input.tags, stored?.tags) : (keep(input.tags, stored?.tags) ?? []),
    isActive: keep(input.isActive, stored?.isActive) ?? true,
  };

  const bySku = new Map(stored?.variants.map((variant) => [variant.sku, variant]));
  const rows = (variants ?? []).map((variant, i) => {
    const before = bySku.get(variant.sku);
    return {
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
  const outcome: UpsertResult['outcome'] = stored ? (changed ? 'UPDATED' : 'NOOP') : 'CREATED';
  return { id: row.id, row, outcome, newVariants, changedVariants };
}
