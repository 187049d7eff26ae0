import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { createApiKey } from '../../access/api-keys.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const query = 'query ($search: String!) { customers(where: { search: $search }) { nodes { displayName } } }';

type Named = { displayName: string };
const namesIn = (data: { customers: { nodes: Named[] } }) => data.customers.nodes.map(({ displayName }) => displayName);

async function found(search: string): Promise<string[]> {
  return namesIn(await shop.data(query, { search })).sort();
}

beforeAll(async () => {
  const people: [name: string, phone?: string][] = [
    ['Anna Kowalska', '+48 601 234 762'],
    ['Basil Brown', '+44 20 7946 0958'],
    ['Alice Desk', '+1 650-555-0123 ext. 101'],
    ['Пётр Иванов', '+7 912 345 67 89'],
    ['Мар’яна Дем’яненко'],
    ['Berlin Office', '+49 30 989365'],
    ['Sc Desk', '+49 30 989365 ext. 44'],
    ['Acme™'],
    ['№5'],
    ['𝓐𝓷𝓷𝓪 Script'],
    ['Duo / Trio'],
    ['Maria Nowak–Kowalska'],
    ['Ewa Nowak Kowalska'],
    ['Shop 2024/0012'],
    ['Zero\u200bWidth'],
    ['की'],
    ['का'],
    ["Sean O'Brien"],
  ];
  for (const [i, [displayName, phone]] of people.entries()) {
    const contactPoints = phone ? [{ kind: 'PHONE', value: phone }] : [];
    await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
      input: { key: { externalId: { source: 'search', value: `${i}` } }, displayName, contactPoints },
    });
  }
});

describe('a search finds a phone number', () => {
  it.each([
    '601-234-762',
    '601 234 762',
    '(601) 234 762',
    '601.234.762',
    '601/234/762',
    '601–234–762',
    '601234762',
    '+48 601-234-762',
    '+48601234762',
    '(+48) 601 234 762',
    '0048 601 234 762',
    '00 48 601 234 762',
    '0048601234762',
    '48601234762',
    'tel:+48601234762',
    '234-762',
    '601 762',
    '60123',
    '٦٠١ ٢٣٤ ٧٦٢',
    'kowalska 601-234-762',
    '601-234-762 Anna',
    '\u202a+48 601 234 762\u202c',
    '\u2066601-234-762\u2069',
    '601 / 234 / 762',
    '+48 / 601 234 762',
    '(+48) - 601 234 762',
  ])('written as %j', async (search) => {
    expect(await found(search)).toEqual(['Anna Kowalska']);
  });

  it.each([
    ['020 7946 0958', 'Basil Brown'],
    ['+44 (0)20 7946 0958', 'Basil Brown'],
    ['(020) 7946-0958', 'Basil Brown'],
    ['0044 20 79460958', 'Basil Brown'],
    ['8 (912) 345-67-89', 'Пётр Иванов'],
    ['650-555-0123', 'Alice Desk'],
    ['1-650-555-0123 x101', 'Alice Desk'],
    ['+1 650 555 0123 ext. 101', 'Alice Desk'],
    ['+1 650 555 0123~101', 'Alice Desk'],
    ['030 989365 ext. 44', 'Sc Desk'],
    ['030 989365 (ext. 44)', 'Sc Desk'],
    ['030 / 989365 (ext. 44)', 'Sc Desk'],
    ['Sc ext. 44', 'Sc Desk'],
    ['sc (ext. 44)', 'Sc Desk'],
    ['sc extension 44', 'Sc Desk'],
  ])('%j for %s', async (search, name) => {
    expect(await found(search)).toEqual([name]);
  });

  it.each(['030 / 989365', '+49 30 / 989365', '030/989365', '(030) / 989 365', '+49 (0)30 / 989365'])(
    '%j for an office and its desk',
    async (search) => {
      expect(await found(search)).toEqual(['Berlin Office', 'Sc Desk']);
    },
  );

  it.each(['000000', '601-234-763', '650-555-0123 ext. 102', 'brown 601-234-762', '+49 601 234 762'])(
    'but not %j',
    async (search) => {
      expect(await found(search)).toEqual([]);
    },
  );

  it('only for keys that can see it', async () => {
    const { secret } = await createApiKey(shop.db, { name: 'names', scopes: ['customers:read'] });
    const seen = async (search: string) => namesIn((await api.sendAs(secret, query, { search })).data);

    expect([await seen('601-234-762'), await seen('kowalska anna'), await seen('762')]).toEqual([
      [],
      ['Anna Kowalska'],
      [],
    ]);
  });
});

describe('a search finds a name', () => {
  it.each(["мар'яна", 'мар’яна', 'марʼяна', 'мар`яна', 'мар´яна', 'мар′яна', 'маряна', "дем'яненко маряна"])(
    'with any apostrophe: %s',
    async (search) => {
      expect(await found(search)).toEqual(['Мар’яна Дем’яненко']);
    },
  );

  it.each(['nowak-kowalska', 'Nowak–Kowalska', 'nowak‑kowalska', 'nowak kowalska', 'kowalska-nowak'])(
    'with any hyphen: %s',
    async (search) => {
      expect(await found(search)).toEqual(['Ewa Nowak Kowalska', 'Maria Nowak–Kowalska']);
    },
  );

  it.each([
    ['o’brien', ["Sean O'Brien"]],
    ['obrien', ["Sean O'Brien"]],
    ['zerowidth', ['Zero\u200bWidth']],
    ['zero\u00adwi', ['Zero\u200bWidth']],
    ['की', ['की']],
    ['का', ['का']],
    ['क', ['का', 'की']],
    ['2024/0012', ['Shop 2024/0012']],
    ['shop 0012', ['Shop 2024/0012']],
    ['shop 2024 / 0012', ['Shop 2024/0012']],
    ['duo / trio', ['Duo / Trio']],
    ['Acme™', ['Acme™']],
    ['acme', ['Acme™']],
    ['№5', ['№5']],
    ['no5', ['№5']],
    ['𝓐𝓷𝓷𝓪', ['𝓐𝓷𝓷𝓪 Script', 'Anna Kowalska']],
  ])('%j', async (search, names) => {
    expect(await found(search)).toEqual([...names].sort());
  });

  it('and every name if the search has no words', async () => {
    expect(await found(" - ' ")).toHaveLength(18);
  });
});
