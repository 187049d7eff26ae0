import { type CustomerKeyInput, resolveBuyer } from '../customers/identity/keys.ts';
import type { Db } from '../db/database.ts';
import { encodeId, type IdType } from '../lib/ids.ts';

// Every relation of a customer. A test compares this list with all tables that refer to customers.
const everything = {
  contactPoints: true,
  externalIds: true,
  addresses: true,
  tags: true,
  statistics: true,
  purchasedProducts: { include: { product: { select: { id: true, title: true } } } },
  orders: {
    include: { lines: true, payments: true, fulfillments: true, location: { select: { id: true, name: true } } },
  },
  returns: { include: { lines: true } },
  preferences: true,
  consents: true,
  consentEvents: true,
  interactions: true,
  cases: { include: { handoffs: true } },
  surveyResponses: true,
  erasureRequests: true,
  pastStates: true,
} as const;

/**
 * Exports one customer as a JSON document. IDs have the format of the API, times are in UTC, and amounts are strings.
 */
export async function exportCustomer(db: Db, key: CustomerKeyInput): Promise<{ id: string; document: unknown }> {
  const id = await resolveBuyer(db, key, 'by');
  const where = { workspaceId_id: { workspaceId: db.workspaceId, id } };
  const { pastStates, ...customer } = await db.customer.findUniqueOrThrow({ where, include: everything });
  const past = pastStates.map(({ entity, since, until, state }) => ({
    ...{ entity, since, until },
    state: plain(state, entity as IdType),
  }));
  const document = plain({ ...customer, pastStates: past }, 'Customer');
  return { id, document: { exportedAt: new Date().toISOString(), customer: document } };
}

// ID type of each relation and reference.
const typeOf: Record<string, IdType> = {
  customerId: 'Customer',
  mergedIntoId: 'Customer',
  orderId: 'Order',
  caseId: 'Case',
  interactionId: 'Interaction',
  locationId: 'Location',
  productId: 'Product',
  variantId: 'ProductVariant',
  replacementVariantId: 'ProductVariant',
  orderLineId: 'OrderLine',
  returnId: 'Return',
  keyId: 'ApiKey',
  contactPoints: 'ContactPoint',
  addresses: 'Address',
  orders: 'Order',
  payments: 'Payment',
  fulfillments: 'Fulfillment',
  location: 'Location',
  product: 'Product',
  returns: 'Return',
  preferences: 'Preference',
  consents: 'Consent',
  consentEvents: 'ConsentEvent',
  interactions: 'Interaction',
  cases: 'Case',
  handoffs: 'CaseHandoff',
  surveyResponses: 'SurveyResponse',
  erasureRequests: 'ErasureRequest',
  // Parts of the past states of an order.
  OrderLine: 'OrderLine',
  Payment: 'Payment',
  Fulfillment: 'Fulfillment',
};

// Internal columns that the export leaves out: the tenant, and values derived from other columns.
const inner = new Set(['workspaceId', 'searchText', 'sortName', 'labelKey']);

function plain(value: unknown, type: IdType | null): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, type));
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  if ('toFixed' in value) return String(value);
  const fields = Object.entries(value).filter(([name]) => !inner.has(name));
  return Object.fromEntries(fields.map(([name, each]) => [name, field(name, each, type)]));
}

function field(name: string, value: unknown, type: IdType | null): unknown {
  if (name === 'id' && type) return encodeId(type, String(value));
  const of = typeOf[name] ?? null;
  return of && typeof value === 'string' ? encodeId(of, value) : plain(value, of ?? lineType(name, type));
}

// Orders and returns both have `lines`, of different types.
function lineType(name: string, type: IdType | null): IdType | null {
  if (name !== 'lines') return null;
  return type === 'Return' ? 'ReturnLine' : 'OrderLine';
}
