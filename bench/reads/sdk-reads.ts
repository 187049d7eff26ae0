import { readdirSync, readFileSync } from 'node:fs';
import { encodeId } from '../../src/lib/ids.ts';
import type { Read } from './read.ts';
import type { Subject } from './subject.ts';

const by = ({ email }: Subject) => ({ by: { email } });
const page = { first: 50 };
const pageOfCustomer = (subject: Subject) => ({ ...by(subject), first: 20 });
const order = ({ orderId }: Subject) => encodeId('Order', orderId);
const customer = ({ customerId }: Subject) => encodeId('Customer', customerId);

/** Variables of most queries of the SDK, by the last part of their method. */
const usualVariables: Record<string, (subject: Subject) => Record<string, unknown>> = {
  list: () => page,
  ofCustomer: pageOfCustomer,
};

/** Variables of all other queries, by their method. */
const variables: Record<string, (subject: Subject) => Record<string, unknown>> = {
  'cases.get': ({ caseId }) => ({ by: { id: encodeId('Case', caseId) } }),
  'customers.atRisk': () => ({ ...page, currencyCode: 'PLN' }),
  'customers.birthdays': () => ({ ...page, from: '2026-11-27', days: 7 }),
  'customers.context': (subject) => ({ ...by(subject), purpose: 'SUPPORT' }),
  'customers.export': by,
  'customers.get': by,
  'customers.recommendations': by,
  'customers.replenishments': by,
  'customers.salutation': by,
  'customers.timeline': pageOfCustomer,
  'facts.get': (subject) => ({ id: `fact_statistics_${customer(subject)}_PLN` }),
  // The follow-up and the next action of a case have its ID.
  'followUps.get': ({ caseId }) => ({ by: { id: encodeId('FollowUp', caseId) } }),
  'interactions.unanswered': () => ({ ...page, since: '2026-01-01T00:00:00Z' }),
  'nextActions.caps': () => page,
  'nextActions.get': ({ caseId }) => ({ by: { id: encodeId('NextAction', caseId) } }),
  'nodes.get': (subject) => ({ id: order(subject) }),
  'nodes.getMany': (subject) => ({ ids: [customer(subject), order(subject)] }),
  'orders.allowedActions': (subject) => ({ by: { id: order(subject) } }),
  'orders.get': (subject) => ({ by: { id: order(subject) } }),
  'preferences.definitions': () => page,
  'products.boughtTogether': ({ productId }) => ({ by: { id: encodeId('Product', productId) } }),
  'products.get': ({ productId }) => ({ by: { id: encodeId('Product', productId) } }),
  'products.ownedBy': pageOfCustomer,
  'viewer.get': () => ({}),
  'workspace.get': () => ({}),
};

/** Returns every query that the SDK ships, by its method. */
export function sdkReads(): Read[] {
  const documents = Object.values(JSON.parse(readFileSync('sdk/persisted.json', 'utf8'))) as string[];
  const shipped = new Map(documents.map((text) => [/^query (\w+)/.exec(text)?.[1], text]));
  const texts = readdirSync('sdk/operations').map((file) => readFileSync(`sdk/operations/${file}`, 'utf8'));
  const queries = texts.flatMap((text) => [...text.matchAll(/^# api: (\S+)\nquery (\w+)/gm)]);
  return queries
    .map(([, name = '', operation = '']): Read => {
      const [text, given] = [shipped.get(operation), variables[name] ?? usualVariables[name.split('.')[1] ?? '']];
      if (!text || !given) throw new Error(`Add variables for ${name} to bench/reads/sdk-reads.ts.`);
      return { name, statements: 1, rapport: { text, variables: given } };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
