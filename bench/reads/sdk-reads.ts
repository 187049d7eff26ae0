import { readdirSync, readFileSync } from 'node:fs';
import { concatAST, parse, print, separateOperations } from 'graphql';
import { encodeId } from '../../src/lib/ids.ts';
import type { Read } from './read.ts';
import type { Subject } from './subject.ts';

const by = ({ email }: Subject) => ({ by: { email } });
const page = { first: 50 };
const pageOfCustomer = (subject: Subject) => ({ ...by(subject), first: 20 });
const order = ({ orderId }: Subject) => encodeId('Order', orderId);
const customer = ({ customerId }: Subject) => encodeId('Customer', customerId);

/** Variables of each query of the SDK, by its method. */
const variables: Record<string, (subject: Subject) => Record<string, unknown>> = {
  'apiKeys.list': () => page,
  'auditEvents.list': () => page,
  'cases.get': ({ caseId }) => ({ by: { id: encodeId('Case', caseId) } }),
  'cases.list': () => page,
  'consents.ofCustomer': pageOfCustomer,
  'customers.context': (subject) => ({ ...by(subject), purpose: 'SUPPORT' }),
  'customers.export': by,
  'customers.get': by,
  'customers.list': () => page,
  'customers.timeline': pageOfCustomer,
  'erasures.list': () => page,
  'facts.get': (subject) => ({ id: `fact_statistics_${customer(subject)}_PLN` }),
  'interactions.list': () => page,
  'interactions.ofCustomer': pageOfCustomer,
  'locations.list': () => page,
  'nodes.get': (subject) => ({ id: order(subject) }),
  'nodes.getMany': (subject) => ({ ids: [customer(subject), order(subject)] }),
  'orders.get': (subject) => ({ by: { id: order(subject) } }),
  'orders.list': () => page,
  'orders.ofCustomer': pageOfCustomer,
  'preferences.definitions': () => page,
  'preferences.ofCustomer': pageOfCustomer,
  'products.get': ({ productId }) => ({ by: { id: encodeId('Product', productId) } }),
  'products.list': () => page,
  'products.ownedBy': pageOfCustomer,
  'returns.ofCustomer': pageOfCustomer,
  'surveyResponses.ofCustomer': pageOfCustomer,
  'viewer.get': () => ({}),
  'workspace.get': () => ({}),
};

/** Returns every query that the SDK ships, by its method. */
export function sdkReads(): Read[] {
  const texts = readdirSync('sdk/operations').map((file) => readFileSync(`sdk/operations/${file}`, 'utf8'));
  const alone = separateOperations(concatAST(texts.map((text) => parse(text))));
  const queries = texts.flatMap((text) => [...text.matchAll(/^# api: (\S+)\nquery (\w+)/gm)]);
  return queries
    .map(([, name = '', operation = '']): Read => {
      const [document, given] = [alone[operation], variables[name]];
      if (!document || !given) throw new Error(`Add variables for ${name} to bench/reads/sdk-reads.ts.`);
      return { name, statements: 1, rapport: { text: print(document), variables: given } };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
