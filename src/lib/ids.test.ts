import fc from 'fast-check';
import { TypeID } from 'typeid-js';
import { expect, it } from 'vitest';
import { decodeId, encodeId, newId } from './ids.ts';

it('writes ids as TypeID does, and reads them back', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      const id = encodeId('Order', uuid);

      expect(id).toBe(TypeID.fromUUID('order', uuid).toString());
      expect(decodeId(id)).toEqual({ type: 'Order', uuid });
    }),
    { numRuns: 1_000 },
  );
});

it.each(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])(
  'knows the ends: %s',
  (uuid) => {
    expect(encodeId('Customer', uuid)).toBe(TypeID.fromUUID('customer', uuid).toString());
  },
);

it('makes ids in the order of their making', () => {
  const ids = Array.from({ length: 1_000 }, newId);

  expect([...ids].sort()).toEqual(ids);
});
