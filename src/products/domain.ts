import { catalogColumns, moneyColumns } from '../manifest.ts';

export const scopes = [{ noun: 'products', covers: 'the catalog', readers: 'CUSTOMERS' }] as const;

export const tables = {
  Product: {
    idPrefix: 'product',
    hasExternalIds: true,
    customerRows: 'ALL',
    columns: { ...catalogColumns, category: 'LABEL', tags: 'LABEL', title: 'LABEL' },
  },
  ProductVariant: {
    idPrefix: 'variant',
    customerRows: 'ALL',
    columns: { ...moneyColumns, options: 'LABEL', sku: 'CODE' },
  },
} as const;

export const records = {
  product: {
    writer: ['products.ts', 'productWriter'],
    isIndependent: true,
    example: {
      key: { externalId: 'p1' },
      title: 'Lamp',
      category: 'home',
      variants: [{ sku: 'L-RED', options: { color: 'red' }, price: '99.90', currencyCode: 'PLN' }],
    },
  },
} as const;

export const schemaModules = ['schema.ts'] as const;
