import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { encodeId } from '../lib/ids.ts';
import { amount } from '../lib/money.ts';
import { upsertProduct } from '../products/products.ts';
import { type LineIdentity, matchLines } from './lines.ts';
import { upsertOrder } from './orders.ts';
import { recordReturn } from './returns/returns.ts';

const shop = await (await useApi()).tenant('shop');
const named = (value: string) => ({ externalId: { source: 'shop', value } });

beforeAll(async () => {
  for (const name of ['A', 'B', 'C', 'D']) await upsertProduct(shop.db, { key: named(name), title: `Thing ${name}` });
});

type Line = Record<string, unknown>;
const line = (sku: string, quantity = 1, more: Line = {}): Line => ({
  sku,
  title: `Thing ${sku}`,
  quantity,
  unitPrice: '10.00',
  ...more,
});
const write = (value: string, lines: Line[], more: object = {}) =>
  upsertOrder(shop.db, { key: named(value), placedAt: '2026-01-01T10:00:00Z', currencyCode: 'PLN', lines, ...more });
const bring = (value: string, lines: object[], status = 'RECEIVED') =>
  recordReturn(shop.db, {
    key: named(`r-${value}`),
    order: named(value),
    occurredAt: '2026-01-20T10:00:00Z',
    status,
    lines,
  });
const linesOf = (value: string) =>
  shop.db.orderLine.findMany({ where: { order: { externalId: value } }, orderBy: { position: 'asc' } });

describe('order lines', () => {
  it('keeps returned quantities when lines are reordered', async () => {
    await write('reordered', [line('A'), line('B')]);
    await bring('reordered', [{ sku: 'A', quantity: 1 }]);

    const { outcome } = await write('reordered', [line('B'), line('A')]);

    expect(outcome).toBe('UPDATED');
    expect((await linesOf('reordered')).map(({ sku, returnedQuantity }) => [sku, returnedQuantity])).toEqual([
      ['B', 0],
      ['A', 1],
    ]);
    expect((await write('reordered', [line('B'), line('A')])).outcome).toBe('NOOP');
  });

  it('finds lines by external ID, even if everything else changes', async () => {
    await write('named', [line('A', 1, named('1')), line('A', 2, named('2'))]);
    const before = await linesOf('named');

    await write('named', [
      line('A', 5, { ...named('2'), title: 'Renamed', unitPrice: '1.00' }),
      line('A', 1, named('1')),
    ]);

    const after = await linesOf('named');
    expect(after.map(({ id }) => id)).toEqual([before[1]?.id, before[0]?.id]);
    expect(after[0]).toMatchObject({ externalId: '2', title: 'Renamed', quantity: 5 });
  });

  it('finds lines by ID, and refuses an ID the order no longer has', async () => {
    await write('by-id', [line('A'), line('B')]);
    const [first, second] = await linesOf('by-id');
    const id = encodeId('OrderLine', second?.id ?? '');

    await write('by-id', [{ title: 'Anything', quantity: 3, unitPrice: '2', id }]);

    expect((await linesOf('by-id')).map(({ id }) => id)).toEqual([second?.id]);
    await expect(write('by-id', [line('A', 1, { id: encodeId('OrderLine', first?.id ?? '') })])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { field: ['lines', 0, 'id'] },
    });
  });

  it.each([
    ['its title and quantity', { title: 'Renamed', quantity: 5 }],
    ['its price and quantity', { unitPrice: '1.00', quantity: 5 }],
    ['everything but its SKU', { title: 'Renamed', unitPrice: '1.00', quantity: 5 }],
    ['everything but its title', { sku: null, unitPrice: '1.00', quantity: 5 }],
  ])('finds a line again when %s changes', async (what, change) => {
    await write(what, [line('A'), line('B')]);
    const [first] = await linesOf(what);

    await write(what, [line('B'), line('C'), line('A', 1, change)]);

    expect((await linesOf(what)).map(({ id }) => id).indexOf(first?.id ?? '')).toBe(2);
  });

  it('keeps the external ID of a line that is sent without one', async () => {
    await write('kept-name', [line('A', 1, named('1'))]);

    expect((await write('kept-name', [line('A')])).outcome).toBe('NOOP');
    expect((await write('kept-name', [line('A', 1, named('2'))])).outcome).toBe('UPDATED');
  });

  it('adds external IDs to lines that were first sent without them', async () => {
    await write('new-name', [line('A'), line('B')]);
    const before = await linesOf('new-name');

    await write('new-name', [line('B', 1, named('b')), line('A', 1, named('a'))]);

    const after = await linesOf('new-name');
    expect(after.map(({ id, externalId }) => [id, externalId])).toEqual([
      [before[1]?.id, 'b'],
      [before[0]?.id, 'a'],
    ]);
  });

  it('never changes the product of a line', async () => {
    const product = (name: string) => ({ product: named(name), title: 'Same', quantity: 1, unitPrice: '10.00' });
    await write('products', [product('A'), product('B')]);
    const before = new Map((await linesOf('products')).map(({ id, productId }) => [id, productId]));

    await write('products', [product('C'), product('B'), product('D')]);

    const after = await linesOf('products');
    for (const { id, productId } of after) expect([undefined, productId]).toContain(before.get(id));
    expect(after.filter(({ id }) => before.has(id))).toHaveLength(1);
  });

  it('keeps the title a line was sold under when its product is renamed', async () => {
    const product = { product: named('A'), quantity: 2, unitPrice: '5' };
    await write('retitled', [product]);
    await bring('retitled', [{ title: 'Thing A', quantity: 1 }]);
    await upsertProduct(shop.db, { key: named('A'), title: 'Thing A, blue' });

    expect((await write('retitled', [product])).outcome).toBe('NOOP');
    expect((await linesOf('retitled')).map(({ title }) => title)).toEqual(['Thing A']);
  });

  it('keeps the sequence of identical lines when one of them was returned', async () => {
    await write('alike', [line('A'), line('A')]);
    const [, second] = await linesOf('alike');
    await bring('alike', [{ orderLine: encodeId('OrderLine', second?.id ?? ''), quantity: 1 }]);

    expect((await write('alike', [line('A'), line('A')])).outcome).toBe('NOOP');
    expect((await write('alike', [line('A')])).outcome).toBe('UPDATED');
    expect((await linesOf('alike')).map(({ id }) => id)).toEqual([second?.id]);
  });

  it('accepts another SKU under the same external ID, but not another product', async () => {
    await write('corrected', [line('A', 1, { ...named('1'), product: named('A') })]);
    await bring('corrected', [{ sku: 'A', quantity: 1 }]);
    const [first] = await linesOf('corrected');

    await write('corrected', [line('A-2', 1, { ...named('1'), product: named('A') })]);

    expect((await linesOf('corrected')).map(({ id, sku }) => [id, sku])).toEqual([[first?.id, 'A-2']]);
    const other = line('A', 1, { id: encodeId('OrderLine', first?.id ?? ''), product: named('B') });
    await expect(write('corrected', [other])).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: ['lines', 0, 'id'] },
    });
  });

  it('requires external IDs to be unique within an order', async () => {
    await expect(write('twice', [line('A', 1, named('1')), line('B', 1, named('1'))])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: ['lines', 1, 'externalId'] },
    });
    expect((await write('other-order', [line('A', 1, named('1'))])).outcome).toBe('CREATED');
  });

  it('refuses to reduce a line below its returned quantity or to remove it', async () => {
    await write('shrink', [line('A', 4), line('B')]);
    await bring('shrink', [{ sku: 'A', quantity: 2 }]);

    await expect(write('shrink', [line('B'), line('A', 1)])).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: ['lines', 1, 'quantity'] },
    });
    await expect(write('shrink', [line('B')])).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: ['lines'] },
    });
    expect((await write('shrink', [line('A', 2)])).outcome).toBe('UPDATED');
  });

  it('refuses to remove a line that a pending return refers to', async () => {
    await write('asked', [line('A', 4), line('B')]);
    await bring('asked', [{ sku: 'A', quantity: 2 }], 'REQUESTED');

    await expect(write('asked', [line('B')])).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: ['lines'] },
    });
  });
});

const identity = fc.record({
  sku: fc.constantFrom('A', 'B', 'C', null),
  title: fc.constantFrom('x', 'y'),
  unitPrice: fc.constantFrom('1', '2'),
  quantity: fc.integer({ min: 1, max: 3 }),
  productId: fc.constantFrom('p', 'q', null),
});
type Drawn = { sku: string | null; title: string; unitPrice: string; quantity: number; productId: string | null };

function told(each: Drawn): LineIdentity {
  return { ...each, id: null, source: null, externalId: null, unitPrice: amount(each.unitPrice) };
}

const contentOf = ({ sku, title, unitPrice, quantity, productId }: LineIdentity) =>
  JSON.stringify([sku, title, unitPrice.toFixed(), quantity, productId]);

describe('matchLines', () => {
  const stored = fc.array(fc.tuple(identity, fc.nat(3)), { maxLength: 8 }).map((all) =>
    all.map(([each, returned], n) => ({
      ...told(each),
      id: `${n}`,
      returnedQuantity: Math.min(returned, each.quantity),
    })),
  );
  const permuted = stored.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(identity, { maxLength: 3 }),
    ),
  );

  it('finds every line again in any sequence, with new lines added', () => {
    fc.assert(
      fc.property(permuted, ([all, shuffled, inserted]) => {
        const given = [...shuffled.map((each) => ({ ...each, id: null })), ...inserted.map(told)];

        const matches = matchLines(given, all);

        const found = matches.slice(0, shuffled.length);
        expect(new Set(found.map((each) => each?.id)).size).toBe(all.length);
        for (const [i, match] of found.entries())
          expect(contentOf(match ?? told({} as Drawn))).toBe(contentOf(given[i] as LineIdentity));
      }),
    );
  });

  it('keeps every line that is not removed, and prefers those with returns', () => {
    const shortened = stored.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all)));
    fc.assert(
      fc.property(shortened, ([all, left]) => {
        const matches = matchLines(
          left.map((each) => ({ ...each, id: null })),
          all,
        );

        for (const [i, match] of matches.entries())
          expect(match && contentOf(match)).toBe(contentOf(left[i] as LineIdentity));
        // Among identical lines, the removed ones have the fewest returned units.
        for (const gone of all.filter((each) => !matches.includes(each)))
          for (const match of matches)
            if (match && contentOf(match) === contentOf(gone))
              expect(match.returnedQuantity).toBeGreaterThanOrEqual(gone.returnedQuantity);
      }),
    );
  });

  it('never matches lines with different products or SKUs', () => {
    fc.assert(
      fc.property(stored, fc.array(identity, { maxLength: 8 }), (all, given) => {
        const matches = matchLines(given.map(told), all);

        const ids = matches.flatMap((match) => match?.id ?? []);
        expect(new Set(ids).size).toBe(ids.length);
        for (const [i, match] of matches.entries()) {
          if (!match) continue;
          for (const name of ['productId', 'sku'] as const)
            expect([null, given[i]?.[name]]).toContain(given[i]?.[name] === null ? null : match[name]);
        }
      }),
    );
  });
});
