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

it('decodes the same texts as TypeID', () => {
  const letter = fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzAZ_-é');
  const changed = fc.tuple(fc.uuid(), fc.nat(32), letter).map(([uuid, at, other]) => {
    const id = encodeId('Order', uuid);
    return id.slice(0, at) + other + id.slice(at + 1);
  });
  const random = fc
    .tuple(fc.constantFrom('order_', 'unknown_', '_', ''), fc.string({ unit: letter, maxLength: 30 }))
    .map(([start, rest]) => start + rest);
  const ofAnyVersion = fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 })
    .map((hex) => encodeId('Order', hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')));

  fc.assert(
    fc.property(fc.oneof(changed, random, ofAnyVersion), (text) => {
      expect(decodeId(text)).toEqual(decodedByTypeId(text));
    }),
    { numRuns: 5_000 },
  );
});

function decodedByTypeId(text: string) {
  try {
    const parsed = TypeID.fromString(text);
    return parsed.getType() === 'order' ? { type: 'Order', uuid: parsed.toUUID() } : null;
  } catch {
    return null;
  }
}

it('creates IDs in ascending order', () => {
  const ids = Array.from({ length: 1_000 }, newId);

  expect([...ids].sort()).toEqual(ids);
});
