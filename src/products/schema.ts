import { builder } from '../graphql/builder.ts';
import { defineLookup } from '../graphql/entities.ts';
import { DateTimeFilter, StringFilter } from '../graphql/filters.ts';
import { expectedVersion } from '../graphql/keys.ts';
import { defineList } from '../graphql/list.ts';
import { some } from '../graphql/predicate.ts';
import { booleanColumn, column, whereInput } from '../graphql/where.ts';
import { defineWrites } from '../graphql/writes.ts';
import { upsertProduct } from './products.ts';

const scope = 'products:read';

builder.prismaNode('Product', {
  nullable: true,
  description: 'Something that can be bought, in one or more variants.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    source: t.exposeString('source', { nullable: true, description: 'The system that named it. Null: none did.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its id there. Null: it has none.' }),
    title: t.exposeString('title', { description: 'Its name today; orders keep the name it was sold under.' }),
    category: t.exposeString('category', { nullable: true, description: 'Null: not given.' }),
    tags: t.exposeStringList('tags', { description: 'Labels.' }),
    isActive: t.exposeBoolean('isActive', { description: 'Whether it is still sold.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first written here.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    version: t.exposeInt('version', {
      description: '1, and one more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

builder.prismaNode('ProductVariant', {
  nullable: true,
  description: 'One kind of a product, as it lies on a shelf.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    sku: t.exposeString('sku', { description: 'Stock-keeping unit; unique within the product.' }),
    options: t.expose('options', { type: 'JSON', description: 'Option name to value: `{"color": "blue"}`.' }),
    price: t.field({
      type: 'Money',
      nullable: true,
      description: 'What it costs today. Null: not given.',
      select: { priceAmount: true, currencyCode: true },
      resolve: ({ priceAmount, currencyCode }) =>
        priceAmount && currencyCode ? { amount: priceAmount, currencyCode } : null,
    }),
    isAvailable: t.exposeBoolean('isAvailable', { description: 'Whether it can be bought today.' }),
    product: t.relation('product', { description: 'The product it is a kind of.' }),
  }),
});

export const ProductKeyInput = defineLookup({
  type: 'Product',
  name: 'product',
  scope,
  description: 'One product, found exactly. Null: there is none.',
});

defineList('Product', {
  plural: 'products',
  where: whereInput('Product', {
    title: column('title', StringFilter, 'Its name.'),
    category: column('category', StringFilter, 'Its category.'),
    createdAt: column('createdAt', DateTimeFilter, 'When it was first written here.'),
    isActive: booleanColumn('isActive', 'Whether it is still sold.'),
    sku: {
      type: 'String',
      description: 'Has a variant with exactly this SKU.',
      toPredicate: (sku: string) => some('variants', { sku }),
    },
  }),
  orderBy: {
    TITLE: { column: 'sortName', description: 'Title, by its letters without case and diacritics.' },
    CREATED_AT: { column: 'createdAt', direction: 'desc', description: 'When it was first written here.' },
  },
  direction: 'asc',
}).addToQuery({ name: 'products', scope, description: 'Products, by title unless told otherwise.' });

defineList('ProductVariant', {
  plural: 'variants',
  orderBy: { POSITION: { column: 'position', description: 'As they were given.' } },
  direction: 'asc',
}).addToType('Product', {
  name: 'variants',
  on: { productId: 'id' },
  scope,
  description: 'Its kinds, in the order they were given.',
});

const VariantInput = builder.inputType('ProductVariantInput', {
  description: 'One kind of a product.',
  fields: (t) => ({
    sku: t.string({ required: true, description: 'Stock-keeping unit; finds the variant within the product.' }),
    options: t.field({ type: 'JSON', description: 'Option name to value, both text: `{"color": "blue"}`.' }),
    price: t.field({ type: 'Decimal', description: 'Not negative; needs `currencyCode`.' }),
    currencyCode: t.field({ type: 'CurrencyCode', description: 'The currency of `price`.' }),
    isAvailable: t.boolean({ description: 'Whether it can be bought today. Unless told, it can.' }),
  }),
});

const UpsertProductInput = builder.inputType('UpsertProductInput', {
  description: 'A product as it shall be. What is left out stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({
      type: ProductKeyInput,
      required: true,
      description: 'Which. An unknown external id makes a new one.',
    }),
    title: t.string({ description: 'Its name. A new one without is called by its external id.' }),
    category: t.string({ description: 'Its category.' }),
    tags: t.stringList({
      description:
        'Replace the current ones. Tags that differ only in case or Unicode normalization are one, in their first spelling.',
    }),
    isActive: t.boolean({ description: 'Whether it is still sold. Unless told, it is.' }),
    variants: t.field({
      type: [VariantInput],
      description: 'Added, or changed where the SKU is known; the others stay.',
    }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'Product',
  'product',
  'The product as it is afterwards.',
)({
  name: 'upsertProduct',
  scope: 'products:write',
  input: UpsertProductInput,
  write: upsertProduct,
  description:
    'Creates the product that the key means, or changes the one there is. INVALID_INPUT, NOT_FOUND for an unknown id.',
});
