import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { openDatabase } from '../database.ts';

const { database, url } = await useDatabase();
const other = url === null ? database : await openDatabase({ databaseUrl: url, dataDir: '' });
if (other !== database) afterAll(() => other.close());

it('lets only one process at a time work as the owner, even after a failed statement', async () => {
  const events: string[] = [];
  const work = (name: string, { asOwner }: typeof database) =>
    asOwner(async (owner) => {
      events.push(`${name} starts`);
      await expect(owner.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
      await sleep(200);
      await owner.query('SELECT 1');
      events.push(`${name} ends`);
    });

  await Promise.all([work('one', database), work('other', other)]);

  const [first, second] = events[0] === 'one starts' ? ['one', 'other'] : ['other', 'one'];
  expect(events).toEqual([`${first} starts`, `${first} ends`, `${second} starts`, `${second} ends`]);
});
