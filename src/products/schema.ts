import { builder } from '../graphql/builder.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { DateTimeFilter, StringFilter } from '../graphql/filters/filters.ts';
import { some } from '../graphql/filters/predicate.ts';
import { booleanColumn, column, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineLookup } from '../graphql/lookups/entities.ts';
import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { expectedVersion, keyInput } from '../graphql/mutations/keys.ts';
import { upsertProduct } from './products.ts';

const scope = 'products:read';
const common = recordFields('product');

builder.prismaNode('Product', {
  nullable: true,
  description: 'Product that can be bought, in one or more variants.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the product.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    title: t.exposeString('title', {
      description: 'Current name of the product. Orders keep the name under which the product was sold.',
    }),
    category: t.exposeString('category', {
      nullable: true,
      description: 'Category of the product. Null if not given.',
    }),
    tags: t.exposeStringList('tags', { description: 'Tags attached to the product.' }),
    isActive: t.exposeBoolean('isActive', { description: 'Whether the product is still sold.' }),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

builder.prismaNode('ProductVariant', {
  nullable: true,
  description: 'Variant of a product, such as a size or color.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the variant.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    sku: t.exposeString('sku', { description: 'Stock-keeping unit. Unique within the product.' }),
    options: t.expose('options', {
      type: 'JSON',
      description: 'Option names and values, such as `{"color": "blue"}`.',
    }),
    price: t.field({
      type: 'Money',
      nullable: true,
      description: 'Current price of the variant. Null if not given.',
      select: { priceAmount: true, currencyCode: true },
      resolve: ({ priceAmount, currencyCode }) =>
        priceAmount && currencyCode ? { amount: priceAmount, currencyCode } : null,
    }),
    isAvailable: t.exposeBoolean('isAvailable', { description: 'Whether the variant can currently be bought.' }),
    product: t.relation('product', { description: 'Product the variant belongs to.' }),
  }),
});

defineLookup({
  type: 'Product',
  name: 'product',
  scope,
  description: 'Finds a product by its key. Null if not found.',
});

defineList('Product', {
  plural: 'products',
  where: whereInput('Product', {
    title: column('title', StringFilter, 'Current name of the product.'),
    category: column('category', StringFilter, 'Category of the product.'),
    createdAt: column('createdAt', DateTimeFilter, 'When the product was first recorded.'),
    isActive: booleanColumn('isActive', 'Whether the product is still sold.'),
    sku: {
      type: 'String',
      description: 'Stock-keeping unit of one of the product’s variants. Must match exactly.',
      toPredicate: (sku: string) => some('variants', { sku }),
    },
  }),
  orderBy: {
    TITLE: { column: 'sortName', description: 'Title, ignoring case and diacritics.' },
    CREATED_AT: { column: 'createdAt', direction: 'desc', description: 'When the product was first recorded.' },
  },
  direction: 'asc',
}).addToQuery({ name: 'products', scope, description: 'Lists products, sorted by title by default.' });

defineList('ProductVariant', {
  plural: 'product variants',
  orderBy: { POSITION: { column: 'position', description: 'Position of the variant in the product.' } },
  direction: 'asc',
}).addToType('Product', {
  name: 'variants',
  on: { productId: 'id' },
  scope,
  description: 'Variants of the product, in their original sequence.',
});

const VariantInput = builder.inputType('ProductVariantInput', {
  description: 'Product variant to create or update.',
  fields: (t) => ({
    sku: t.string({ required: true, description: 'Stock-keeping unit. Identifies the variant within the product.' }),
    options: t.field({ type: 'JSON', description: 'Option names and values, both text, such as `{"color": "blue"}`.' }),
    price: t.field({
      type: 'Decimal',
      description: 'Price of the variant. Cannot be negative. Requires `currencyCode`.',
    }),
    currencyCode: t.field({ type: 'CurrencyCode', description: 'Currency of `price`, as an ISO 4217 code.' }),
    isAvailable: t.boolean({ description: 'Whether the variant can currently be bought. Defaults to true.' }),
  }),
});

const UpsertProductInput = builder.inputType('UpsertProductInput', {
  description: 'Product to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('Product'),
      required: true,
      description: 'Key of the product. An unknown external ID creates a new product.',
    }),
    title: t.string({ description: 'Name of the product. Defaults to the external ID.' }),
    category: t.string({ description: 'Category of the product.' }),
    tags: t.stringList({
      description:
        'Tags of the product. They replace the current tags. Tags that differ only in case or Unicode ' +
        'normalization count as one, and the first spelling is kept.',
    }),
    isActive: t.boolean({ description: 'Whether the product is still sold. Defaults to true.' }),
    variants: t.field({
      type: [VariantInput],
      description: 'Variants to add, or to update if their SKU is known. Other variants stay unchanged.',
    }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'Product',
  'product',
  'The product, as it is after the write.',
)({
  name: 'upsertProduct',
  scope: 'products:write',
  input: UpsertProductInput,
  write: upsertProduct,
  description:
    'Creates or updates the product identified by `key`. Fails with `INVALID_INPUT` for invalid data, or with ' +
    '`NOT_FOUND` for an unknown ID.',
});
