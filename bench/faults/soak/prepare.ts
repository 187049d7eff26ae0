import type pg from 'pg';
import { bearer, send } from './http.ts';
import { differencesFromTables, type Read, type ReadKind, record } from './reads.ts';
import type { Customer, Soak } from './setup.ts';

/** Part of every text of the second workspace. No answer to a key of another workspace may contain it. */
export const marker = 'TEXT-OF-ANOTHER-TENANT';

// Reads ask about the first customers. Nothing writes to these, so their answers stay the same.
const readCustomers = 300;
const foreignCustomers = 20;

export const written = (all: Customer[], n: number) => all[readCustomers + 700 + (n % 2_000)]?.email ?? '';

export type Foreign = { customer: string; order: string; interaction: string };

/** Fills the second workspace over the API. Returns the IDs of each customer. */
export async function fillForeign(port: number, { keys }: Soak): Promise<Foreign[]> {
  const query = `mutation ($c: UpsertCustomerInput!, $o: UpsertOrderInput!, $i: UpsertInteractionInput!) {
    upsertCustomer(input: $c) { customer { id } } upsertOrder(input: $o) { order { id } }
    upsertInteraction(input: $i) { interaction { id } } }`;
  const made: Foreign[] = [];
  for (let n = 0; n < foreignCustomers; n++) {
    const [at, key] = ['2026-01-05T10:00:00Z', { externalId: { source: 'soak-foreign', value: String(n) } }];
    const customer = { email: `foreign-${n}@example.com` };
    const body = JSON.stringify({
      query,
      variables: {
        c: { key: customer, displayName: `${marker} ${n}` },
        o: {
          key,
          customer,
          number: `${marker}-${n}`,
          placedAt: at,
          currencyCode: 'PLN',
          paymentStatus: 'PAID',
          total: '5',
        },
        i: { key, customer, channel: 'EMAIL', direction: 'INBOUND', occurredAt: at, subject: marker, body: marker },
      },
    });
    const answer = await send(port, { body, headers: bearer(keys.foreign) });
    const { data, errors } = JSON.parse(answer?.text ?? '{}');
    if (!data || errors) throw new Error(`The second workspace cannot be filled: ${answer?.text}`);
    const { upsertCustomer, upsertOrder, upsertInteraction } = data;
    made.push({
      customer: upsertCustomer.customer.id,
      order: upsertOrder.order.id,
      interaction: upsertInteraction.interaction.id,
    });
  }
  return made;
}

/** Records the answer of every read of normal traffic, by caller, and compares it with the tables. */
export async function recordReads(port: number, client: pg.Client, soak: Soak) {
  const reads: Record<'full' | 'masked' | 'token' | 'foreign', Read[]> = {
    full: [],
    masked: [],
    token: [],
    foreign: [],
  };
  const differences: string[] = [];
  const kinds: ReadKind[] = ['context', 'orders', 'timeline'];
  const [issuer = ''] = soak.keys.full;
  for (const [n, customer] of soak.customers.slice(0, readCustomers).entries()) {
    const by = {
      full: soak.keys.full[n % 3],
      masked: soak.keys.masked[n % 3],
      token: await tokenFor(port, issuer, customer),
    };
    for (const [name, secret = ''] of Object.entries(by)) {
      // A context is for staff.
      const [asked, who] = name === 'token' ? [kinds.slice(1), 'a customer'] : [kinds, `a ${name} key`];
      const recorded = await record(port, secret, asked, customer.email, who);
      reads[name as keyof typeof by].push(...recorded);
      for (const read of recorded)
        differences.push(...(await differencesFromTables(client, soak.workspaceId, customer.email, read)));
    }
  }
  for (let n = 0; n < foreignCustomers; n++) {
    const email = `foreign-${n}@example.com`;
    const recorded = await record(port, soak.keys.foreign, kinds, email, 'the second workspace');
    reads.foreign.push(...recorded);
    for (const read of recorded)
      differences.push(...(await differencesFromTables(client, soak.foreignId, email, read)));
  }
  return { reads, differences };
}

async function tokenFor(port: number, issuer: string, { id }: Customer): Promise<string> {
  const query = `mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }`;
  const body = JSON.stringify({ query, variables: { input: { customer: { id }, expiresInSeconds: 3_600 } } });
  const answer = await send(port, { body, headers: bearer(issuer) });
  const token = JSON.parse(answer?.text ?? '{}').data?.createCustomerToken.token;
  if (!token) throw new Error(`No token is made: ${answer?.text}`);
  return token;
}
