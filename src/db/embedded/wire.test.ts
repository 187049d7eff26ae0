import { expect, it } from 'vitest';
import { message, PacketReader } from './wire.ts';

const startup = Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0]);
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const query = message('Q', Buffer.from('SELECT 1\0'));
const sync = message('S', Buffer.alloc(0));
const end = message('X', Buffer.alloc(0));

it.each([1, 2, 3, 5, 7, 1_000])('finds complete messages in chunks of %d bytes', (size) => {
  const sent = Buffer.concat([sslRequest, startup, query, sync, query, end]);
  const reader = new PacketReader();
  const packets = [];
  for (let at = 0; at < sent.length; at += size) packets.push(...reader.read(sent.subarray(at, at + size)));

  const bytes = packets.map((packet) => ('bytes' in packet ? packet.bytes : Buffer.alloc(0)));
  expect(packets.map(({ kind }) => kind).filter((kind, i, all) => kind !== all[i - 1])).toEqual([
    'encryption',
    'startup',
    'messages',
    'end',
  ]);
  expect(Buffer.concat(bytes)).toEqual(Buffer.concat([startup, query, sync, query]));
});

it('returns messages that arrive together as one packet', () => {
  const reader = new PacketReader();
  reader.read(startup);

  expect(reader.read(Buffer.concat([query, sync]))).toEqual([
    { kind: 'messages', bytes: Buffer.concat([query, sync]) },
  ]);
});
