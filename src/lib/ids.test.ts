import fc from 'fast-check';
import { TypeID } from 'typeid-js';
import { expect, it } from 'vitest';
import { decodeId, encodeId, newId } from './ids.ts';

it('encodes IDs like TypeID, and decodes them', () => {
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
  'encodes the extreme UUID %s',
  (uuid) => {
    expect(encodeId('Customer', uuid)).toBe(TypeID.fromUUID('customer', uuid).toString());
  },
);

it('creates IDs in ascending order', () => {
  const ids = Array.from({ length: 1_000 }, newId);

  expect([...ids].sort()).toEqual(ids);
});
