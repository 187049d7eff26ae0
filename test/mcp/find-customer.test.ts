import { expect, it } from 'vitest';
import { useApi } from '../api.ts';
import { writeLines } from '../run-import.ts';
import { useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const agent = await (await useMcp(api)).connect(shop.secret);

/** Writes customers of one name, each with the postal code at their place in the list. */
async function writeNamesakes(name: string, postalCodes: string[]): Promise<void> {
  const [givenName, familyName] = name.split(' ');
  const lines = postalCodes.map((postalCode, i) => ({
    type: 'customer',
    key: { externalId: `${name} ${i}` },
    givenName,
    familyName,
    addresses: [{ kind: 'SHIPPING', lines: ['Rynek 1'], postalCode }],
  }));
  await writeLines(shop.db, lines, 'crm');
}

it('compares the postal codes of all customers with the name', async () => {
  const codes = Array.from({ length: 230 }, (_, i) => ([0, 229].includes(i) ? '31-042' : '00-001'));
  await writeNamesakes('Anna Nowak', codes);

  const found = await agent.read('find_customer', { name: 'Nowak Anna', postalCode: '31 042' });

  expect(found.data.ambiguous).toBe(true);
  expect(found.data.matches).toHaveLength(2);
});

it('asks for another detail if too many customers have the name', async () => {
  await writeNamesakes(
    'Jan Kowalski',
    Array.from({ length: 1_001 }, () => '31-042'),
  );

  const message = await agent.fail('find_customer', { name: 'Jan Kowalski', postalCode: '31-042' });

  expect(message).toMatch(/^QUERY_TOO_COMPLEX: .*email address or order number/);
});
