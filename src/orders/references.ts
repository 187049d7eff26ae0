import { type CustomerKeyInput, resolveBuyers } from '../customers/identity/keys.ts';
import type { Tx } from '../db/database.ts';
import { type EntityKey, findEntities, resolveEntities } from '../db/entity-keys.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { attempt, refused } from '../lib/upsert-result.ts';
import type { OrderInput } from './input.ts';

/** The records that the keys of one order refer to. */
export type OrderReferences = {
  customerId: string | null | undefined;
  locationId: string | null | undefined;
  lines: { productId: string | null; variantId: string | null; title: string }[];
  /** Payment method of each given payment. Null if its key is unknown or missing. */
  paymentMethods: KnownMethod[];
};

export type KnownMethod = { id: string; customerId: string } | null;

/** Resolves the keys of orders: customer, location, and the product, variant and title of each line. */
export async function resolveReferences(tx: Tx, items: OrderInput[]): Promise<(OrderReferences | DomainError)[]> {
  const lines = items.flatMap((item) => item.lines ?? []);
  const [customers, locations, productIds, methods] = await Promise.all([
    resolveBuyers(
      tx,
      items.map((item): CustomerKeyInput | null => item.customer ?? null),
      'customer',
    ),
    resolveEntities(
      tx,
      'Location',
      items.map(({ location }) => location),
      'location',
    ),
    findEntities(
      tx,
      'Product',
      lines.map(({ product }) => product),
    ),
    findPaymentMethods(
      tx,
      items.flatMap(({ payments }) => payments ?? []),
    ),
  ]);
  const [titles, variants] = await Promise.all([
    titlesOf(
      tx,
      productIds.filter((id, i): id is string => id !== null && !lines[i]?.title),
    ),
    variantsOf(
      tx,
      productIds.filter((id, i): id is string => id !== null && Boolean(lines[i]?.sku)),
      lines.flatMap(({ sku }) => sku ?? []),
    ),
  ]);

  let next = 0;
  let nextPayment = 0;
  return items.map((item, i) => {
    const at = next;
    const paymentsAt = nextPayment;
    next += item.lines?.length ?? 0;
    nextPayment += item.payments?.length ?? 0;
    const [customerId, locationId] = [customers[i], locations[i]];
    if (refused(customerId)) return customerId;
    if (refused(locationId)) return locationId;
    return attempt(() => ({
      // Undefined keeps the stored value; null clears it.
      customerId: item.customer === undefined ? undefined : customerId,
      locationId: item.location === undefined ? undefined : locationId,
      lines: (item.lines ?? []).map(({ product, sku, title }, n) => {
        const productId = productIds[at + n] ?? null;
        if (product && !productId)
          throw new DomainError('NOT_FOUND', 'No product has this ID.', { field: ['lines', n, 'product'] });
        const variantId = variants.get(productId ?? '')?.get(sku ?? '') ?? null;
        return { productId, variantId, title: title ?? titles.get(productId ?? '') ?? '' };
      }),
      paymentMethods: (item.payments ?? []).map((_payment, n) => methods[paymentsAt + n] ?? null),
    }));
  });
}

/** Finds the payment methods of payments, in order. Null where the key is missing or unknown. */
export async function findPaymentMethods(
  tx: Tx,
  payments: { paymentMethod?: EntityKey | null | undefined }[],
): Promise<KnownMethod[]> {
  const ids = await findEntities(
    tx,
    'PaymentMethod',
    payments.map(({ paymentMethod }) => paymentMethod),
  );
  const known = ids.flatMap((id) => id ?? []);
  if (known.length === 0) return ids.map(() => null);
  const where = { workspaceId: tx.workspaceId, id: { in: known } };
  const rows = await tx.paymentMethod.findMany({ where, select: { id: true, customerId: true } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id ?? '') ?? null);
}

/** Throws an error if the payment method is unknown or belongs to another customer than the order. */
export function checkMethod(found: KnownMethod, customerId: string | null, ...field: (string | number)[]): void {
  if (!found) throw new DomainError('NOT_FOUND', 'No payment method has this key.', { field });
  if (found.customerId === customerId) return;
  throw invalid('This payment method belongs to another customer. Omit it, or send one of the customer’s.', ...field);
}

async function titlesOf(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.product.findMany({
    where: { workspaceId: tx.workspaceId, id: { in: ids } },
    select: { id: true, title: true },
  });
  return new Map(rows.map(({ id, title }) => [id, title]));
}

// Returns the IDs of variants by product ID and SKU.
async function variantsOf(tx: Tx, productIds: string[], skus: string[]): Promise<Map<string, Map<string, string>>> {
  if (productIds.length === 0) return new Map();
  const text = `SELECT "id", "productId", "sku" FROM "ProductVariant"
    WHERE "workspaceId" = $1::uuid AND "productId" = ANY ($2::uuid[]) AND "sku" = ANY ($3::text[])`;
  const values = [tx.workspaceId, [...new Set(productIds)], [...new Set(skus)]];
  const rows = await tx.query<{ id: string; productId: string; sku: string }>({ text, values });
  const found = new Map<string, Map<string, string>>();
  for (const { id, productId, sku } of rows) found.set(productId, (found.get(productId) ?? new Map()).set(sku, id));
  return found;
}
