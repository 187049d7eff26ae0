import { randomBytes } from 'node:crypto';
import { customerTokens, type Issuer } from '../../../src/access/customer-tokens.ts';
import { encodeId, newId } from '../../../src/lib/ids.ts';
import { bearer, type Sent, send } from './http.ts';
import { asker, exactly, type Kind, type Outcome, operation, outcomeOf, type Target } from './kinds.ts';

const unauthenticated = '401 UNAUTHENTICATED';

/** Keys and tokens that are invalid, or that ask for data of somebody else. */
export function credentials(target: Target, issuer: Issuer): Kind[] {
  const ask = asker(target);
  const { port, soak, foreign } = target;
  const { customers, keys } = soak;
  const viewer = operation('{ viewer { keyName } }');
  const tokenOf = (n: number) =>
    customerTokens(issuer, { expiresInSeconds: 60 })(customers[n % customers.length]?.uuid ?? '');
  const as = async (secret: string, sent: Sent) => outcomeOf(await send(port, { ...sent, headers: bearer(secret) }));

  // A foreign ID answers like one that never existed.
  const foreignRead = `query ($c: ID!, $o: ID!, $i: ID!, $all: [ID!]!) { customer(by: { id: $c }) { id displayName }
    order(by: { id: $o }) { id number } node(id: $i) { id } nodes(ids: $all) { id } customerContext(by: { id: $c }, purpose: SUPPORT) { customerId } }`;
  const read = (
    n: number,
    { customer, order, interaction }: { customer: string; order: string; interaction: string },
  ) => ask(n, operation(foreignRead, { c: customer, o: order, i: interaction, all: [customer, order, interaction] }));

  return [
    { name: 'revoked keys', expects: [unauthenticated], ask: () => as(keys.revoked, viewer) },
    {
      name: 'revoked keys, nothing left to run',
      expects: [unauthenticated],
      ask: () =>
        as(keys.revoked, operation('query ($on: Boolean!) { viewer @include(if: $on) { keyName } }', { on: false })),
    },
    {
      name: 'made-up keys',
      expects: [unauthenticated],
      ask: () => as(`rapport_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('base64url')}`, viewer),
    },
    {
      name: 'known prefix, made-up secret',
      expects: [unauthenticated],
      ask: (n) => as(`${keys.hostile[n % 8]?.slice(0, 21)}${randomBytes(32).toString('base64url')}`, viewer),
    },
    {
      name: 'tokens with another signature',
      expects: [unauthenticated],
      ask: async (n) => as(`${(await tokenOf(n)).token.slice(0, -4)}AAAA`, viewer),
    },
    {
      name: "another tenant's ids",
      expects: ['as if it never existed'],
      ask: async (n): Promise<Outcome> => {
        const nobody = {
          customer: encodeId('Customer', newId()),
          order: encodeId('Order', newId()),
          interaction: encodeId('Interaction', newId()),
        };
        const [theirs, none] = [await read(n, foreign[n % foreign.length] ?? nobody), await read(n, nobody)];
        const [one, other] = [theirs, none].map((answer) => answer?.text.split(',"extensions":{"cost"')[0]);
        const isSame = one === other && theirs?.status === none?.status && theirs?.status === 200;
        return isSame ? { said: 'as if it never existed' } : { said: 'another answer', example: `${one} / ${other}` };
      },
    },
    {
      name: "writes to another tenant's customers",
      expects: ['200 NOT_FOUND'],
      ask: async (n) => {
        const customer = { id: foreign[n % foreign.length]?.customer };
        const input = { customer, channel: 'EMAIL', direction: 'INBOUND', occurredAt: '2026-01-01T00:00:00Z' };
        const query = 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }';
        return outcomeOf(await ask(n, operation(query, { input })));
      },
    },
    {
      name: 'a token of another customer each time',
      expects: ['200 data'],
      ask: async (n) => {
        const [own, other] = [customers[n % customers.length], customers[(n + 1) % customers.length]];
        const query = `query ($own: ID!, $other: ID!) { own: customer(by: { id: $own }) { displayName }
          other: customer(by: { id: $other }) { displayName } }`;
        const sent = operation(query, { own: own?.id, other: other?.id });
        const answer = await send(port, { ...sent, headers: bearer((await tokenOf(n)).token) });
        return exactly(answer, { own: { displayName: own?.name }, other: null });
      },
    },
    {
      name: 'introspection by tokens',
      expects: ['200 FORBIDDEN'],
      ask: async (n) => as((await tokenOf(n % 300)).token, operation('{ __schema { types { name } } }')),
    },
    {
      name: 'writes by tokens',
      expects: ['200 FORBIDDEN'],
      ask: async (n) => {
        const query = 'mutation ($by: CustomerKey!) { tagCustomer(input: { customer: $by, tag: "a" }) { outcome } }';
        return as((await tokenOf(n % 300)).token, operation(query, { by: { id: customers[n % 300]?.id } }));
      },
    },
    rateLimit(target),
  ];
}

// Each request costs 9,000 points and the key may spend 1,000,000 a minute. The workspace is empty, so it is little work.
function rateLimit({ port, soak }: Target): Kind {
  const totals = Array.from({ length: 9 }, (_, i) => `t${i}: totalCount(limit: 10000000)`);
  const dear = operation(`{ customers(first: 1) { ${totals.join(' ')} } }`);
  const spent = new Map<string, number>();
  const one = async (): Promise<Outcome> => {
    const answer = await send(port, { ...dear, headers: bearer(soak.keys.greedy) });
    const { actual = 0, resetAt } = JSON.parse(answer?.text ?? '{}').extensions?.cost ?? {};
    if (answer?.status === 200) {
      const sum = (spent.get(resetAt) ?? 0) + actual;
      spent.set(resetAt, sum);
      if (sum > 1_000_000) return { said: 'more points than allowed', example: answer.text };
    }
    return outcomeOf(answer);
  };
  return {
    name: 'rate limit overruns, 5 at once',
    expects: ['200 data', '429 RATE_LIMITED'],
    ask: () => Promise.all(Array.from({ length: 5 }, one)),
  };
}
