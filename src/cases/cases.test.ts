import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
await shop.data('mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) { outcome } }');

const customer = { email: 'ada@example.com' };

async function open(input: object = {}) {
  const opened = await shop.data(
    'mutation ($input: OpenCaseInput!) { openCase(input: $input) { case { id number status promise { text status } handoffs { nodes { to reason } } } } }',
    {
      input: { customer, subject: 'Where is my lamp?', ...input },
    },
  );
  return opened.openCase.case;
}

it('opens, resolves and reopens a case, and counts reopenings', async () => {
  const { id } = await open();
  const key = { id };
  const change = (name: string, input: object) =>
    shop.data(
      `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { outcome case { status resolvedAt remedy reopenedCount } } }`,
      { input },
    );

  const resolution = new Date().toISOString();
  const resolved = await change('resolveCase', { key, remedy: 'Sent again.', resolvedAt: resolution });
  const repeated = await change('resolveCase', { key, remedy: 'Sent again.' });
  const reopened = await change('reopenCase', { key });

  expect(resolved.resolveCase.case).toEqual({
    status: 'RESOLVED',
    resolvedAt: resolution,
    remedy: 'Sent again.',
    reopenedCount: 0,
  });
  expect(repeated.resolveCase.outcome).toBe('NOOP');
  expect(reopened.reopenCase.case).toEqual({
    status: 'OPEN',
    resolvedAt: null,
    remedy: 'Sent again.',
    reopenedCount: 1,
  });
});

it('refuses to reopen a case that is not resolved', async () => {
  const { id } = await open();

  const { extensions } = await shop.error(
    'mutation ($key: CaseKey!) { reopenCase(input: { key: $key }) { outcome } }',
    { key: { id } },
  );

  expect(extensions).toMatchObject({ code: 'CONFLICT', field: ['key'] });
});

it('stores the promise and the hand-off', async () => {
  const opened = await open({
    promise: { text: 'An answer by Monday' },
    handoff: { fromKind: 'BOT', to: 'Anna', reason: 'Beyond the script' },
  });

  expect(opened).toMatchObject({
    promise: { text: 'An answer by Monday', status: 'OPEN' },
    handoffs: { nodes: [{ to: 'Anna', reason: 'Beyond the script' }] },
  });
});

it('numbers cases without gaps or duplicates when many are opened at once', async () => {
  const before = (await open()).number;

  const opened = await Promise.all(Array.from({ length: 8 }, () => open()));

  const numbers = opened.map(({ number }) => number).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 8 }, (_, i) => before + 1 + i));
});

it('pages through orders, cases, interactions, surveys and consents on one timeline, with equal times', async () => {
  const at = '2026-01-01T00:00:00Z';
  const order = { externalId: { source: 's', value: 'o1' } };
  await shop.data('mutation { upsertCustomer(input: { key: { email: "tia@example.com" } }) { outcome } }');
  const tia = { email: 'tia@example.com' };
  await shop.data('mutation ($i: UpsertOrderInput!) { upsertOrder(input: $i) { outcome } }', {
    i: { key: order, customer: tia, placedAt: at, currencyCode: 'PLN', total: '5' },
  });
  await shop.data('mutation ($i: RecordReturnInput!) { recordReturn(input: $i) { outcome } }', {
    i: { order, occurredAt: at },
  });
  for (const channel of ['EMAIL', 'PHONE', 'EMAIL']) {
    await shop.data('mutation ($i: UpsertInteractionInput!) { upsertInteraction(input: $i) { outcome } }', {
      i: { customer: tia, channel, direction: 'INBOUND', occurredAt: at },
    });
  }
  await shop.data('mutation ($i: OpenCaseInput!) { openCase(input: $i) { outcome } }', {
    i: { customer: tia, subject: 'x', openedAt: at },
  });
  await shop.data('mutation ($i: RecordSurveyResponseInput!) { recordSurveyResponse(input: $i) { outcome } }', {
    i: { customer: tia, kind: 'NPS', rating: 9, respondedAt: at },
  });
  await shop.data('mutation ($i: RecordConsentInput!) { recordConsent(input: $i) { outcome } }', {
    i: { customer: tia, channel: 'SMS', purpose: 'SURVEY', status: 'DENIED', capturedAt: at },
  });

  const query = `query ($first: Int, $after: String, $last: Int, $before: String, $channels: [InteractionChannel!]) { customer(by: { email: "tia@example.com" }) {
    timeline(first: $first, after: $after, last: $last, before: $before, channels: $channels) {
      totalCount pageInfo { hasNextPage startCursor endCursor } nodes { kind item { __typename ... on Node { id } } } } } }`;
  const all = (await shop.data(query, { first: 100 })).customer.timeline;
  const ids = (page: { nodes: { item: { id: string } }[] }) => page.nodes.map(({ item }) => item.id);
  const forward: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: { nodes: { item: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = (
      await shop.data(query, { first: 3, after })
    ).customer.timeline;
    forward.push(...ids(page));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  const lastTwo = (await shop.data(query, { last: 2 })).customer.timeline;
  const byEmail = (await shop.data(query, { channels: ['EMAIL'] })).customer.timeline;

  expect(all.totalCount).toBe(8);
  expect(new Set(all.nodes.map(({ kind }: { kind: string }) => kind)).size).toBe(6);
  expect(forward).toEqual(ids(all));
  expect(ids(lastTwo)).toEqual(ids(all).slice(-2));
  expect(byEmail.nodes.map(({ kind }: { kind: string }) => kind)).toEqual(['INTERACTION', 'INTERACTION']);
});

it.each([
  ['CSAT', 6, undefined, ['rating']],
  ['NPS', -1, undefined, ['rating']],
  ['CES', undefined, undefined, ['rating']],
  ['SUGGESTION', 3, 'More tea.', ['rating']],
  ['SUGGESTION', undefined, ' ', ['comment']],
])('rejects a %s rated %s with the comment %j', async (kind, rating, comment, field) => {
  const { extensions } = await shop.error(
    'mutation ($i: RecordSurveyResponseInput!) { recordSurveyResponse(input: $i) { outcome } }',
    {
      i: { customer, kind, rating, comment },
    },
  );

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT', field });
});
