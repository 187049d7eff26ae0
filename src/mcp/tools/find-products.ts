import * as z from 'zod';
import { page, paging, reading } from '../arguments.ts';
import { ToolError } from '../ask.ts';
import { money } from '../orders/order-row.ts';
import { type Connection, connectionOf, pageReply } from '../text/list-reply.ts';
import { amountOf, codeOf, type Money, nameOf } from '../text/names.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  productId: z.string().max(100).optional(),
  sku: z.string().max(200).optional(),
  query: z.string().max(200).optional().describe('Part of the title.'),
  ...paging,
  ...reading,
});

const output = z.object({
  products: z.array(
    z.object({
      productId: z.string(),
      title: z.string(),
      variants: z.array(
        z.object({
          variantId: z.string(),
          sku: z.string(),
          options: z.record(z.string(), z.unknown()),
          isAvailable: z.boolean(),
          price: money.nullable(),
        }),
      ),
    }),
  ),
  ...page,
});

const selection = `id title category isActive
  variants(first: $variants) { nodes { id sku options isAvailable price { amount currencyCode } } }`;

const byId = `query McpGetProduct($by: ProductKey!, $variants: Int!) { product(by: $by) { ${selection} } }`;
const byText = `query McpFindProducts($first: Int!, $after: String, $where: ProductWhere, $variants: Int!) {
  products(first: $first, after: $after, where: $where) { ${connectionOf(selection)} } }`;

type Product = {
  id: string;
  title: string;
  category: string | null;
  isActive: boolean;
  variants: {
    nodes: {
      id: string;
      sku: string;
      options: Record<string, unknown>;
      isAvailable: boolean;
      price: Money | null;
    }[];
  };
};

type Found = Connection<Product>;

export const findProducts = defineTool({
  name: 'find_products',
  title: 'Find products',
  description:
    'Finds products by ID, SKU or title, with variants, prices and availability. Lists all if you name none.',
  scopes: ['products:read'],
  effect: 'READ',
  servesOneCustomer: true,
  input,
  output,
  async run({ productId, sku, query, first, after, maxTokens, responseFormat }, { ask }) {
    const variants = productId === undefined ? 20 : 100;
    const where = { isActive: true, ...(sku !== undefined && { sku }), ...(query && { title: { contains: query } }) };
    const found =
      productId === undefined
        ? (await ask<{ products: Found }>(byText, { first, after: after ?? null, where, variants })).products
        : one((await ask<{ product: Product | null }>(byId, { by: { id: productId }, variants })).product);
    const isDetailed = responseFormat === 'detailed' || productId !== undefined;
    return pageReply({
      maxTokens,
      head: found.totalCount === 0 ? 'NOT FOUND. No product matches.' : `PRODUCTS ${found.totalCount} in all.`,
      connection: found,
      further: 'further products',
      rowOf: (product) => ({ line: lineOf(product), data: dataOf(product, isDetailed, sku) }),
      data: (products, page) => ({ products, ...page }),
    });
  },
});

function one(product: Product | null): Found {
  if (!product) throw new ToolError('NOT_FOUND', 'No product has this ID. Search by `query` or `sku`.');
  const pageInfo = { hasNextPage: false, endCursor: null };
  return { edges: [{ cursor: '', node: product }], pageInfo, totalCount: 1 };
}

function lineOf({ id, title, variants: { nodes } }: Product): string {
  const available = nodes.filter(({ isAvailable }) => isAvailable).length;
  const [price] = nodes.flatMap((variant) => variant.price ?? []);
  const from = price ? `, for example ${amountOf(price)}` : '';
  return `${nameOf(title)} (${id}): ${available} of ${nodes.length} variants available${from}`;
}

// A concise list names the variant that was asked for, and no others.
function dataOf({ id, title, variants }: Product, isDetailed: boolean, sku?: string) {
  const shown = isDetailed ? variants.nodes : variants.nodes.filter((variant) => variant.sku === sku);
  return {
    productId: id,
    title: nameOf(title),
    variants: shown.map(({ id: variantId, sku: own, options, isAvailable, price }) => ({
      variantId,
      sku: codeOf(own),
      options,
      isAvailable,
      price,
    })),
  };
}
