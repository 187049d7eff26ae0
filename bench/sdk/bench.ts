// Compares the SDK with alternative clients: npm run bench:sdk
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle, coldImport, kilobytes } from '../../sdk/gates/bundle.ts';
import { machine, publish } from '../harness.ts';
import { type ClientCall, faults, outcomeOf } from './faults.ts';

// Imported by a computed name, so that compilers do not follow it: its imports exist only for benchmarks.
const path = './clients.mjs';
const { clients } = (await import(path)) as { clients: Record<string, ClientCall> };

// The code of each client in an application with one query, and the use of its types.
const ask = `{ by: { email: '' } }`;
const typed = `type Data = { customer: { displayName: string } | null };
declare const Customer: TypedDocumentNode<Data, { by: { email: string } }>;`;
const uses: Record<string, { code: string; types: string }> = {
  '@rapport/sdk': {
    code: `import { createClient } from '@rapport/sdk'; import { Customer } from '@rapport/sdk/ops';
      export const ask = (o) => createClient(o).request(Customer, ${ask});`,
    types: `import { createClient } from '@rapport/sdk'; import { Customer } from '@rapport/sdk/ops';
export const asked = async () => (await createClient({ url: '', token: '' }).request(Customer, ${ask})).customer?.displayName;`,
  },
  'graphql-request': {
    code: `import { GraphQLClient } from 'graphql-request'; export const ask = (url, v) => new GraphQLClient(url).request('{ a }', v);`,
    types: `import { GraphQLClient } from 'graphql-request'; import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
${typed}
export const asked = async () => (await new GraphQLClient('').request(Customer, ${ask})).customer?.displayName;`,
  },
  '@urql/core': {
    code: `import { Client, fetchExchange, gql } from '@urql/core';
      export const ask = (url, v) => new Client({ url, exchanges: [fetchExchange], preferGetMethod: false }).query(gql('{ a }'), v);`,
    types: `import { Client, type TypedDocumentNode } from '@urql/core';
${typed}
export const asked = async () =>
  (await new Client({ url: '', exchanges: [], preferGetMethod: false }).query(Customer, ${ask}).toPromise()).data?.customer?.displayName;`,
  },
  'gql.tada': {
    code: `import { initGraphQLTada } from 'gql.tada'; export const ask = initGraphQLTada()('query { a }');`,
    types: `import { initGraphQLTada, type ResultOf } from 'gql.tada'; import type { introspection } from './schema';
const graphql = initGraphQLTada<{ introspection: introspection }>();
const Customer = graphql('query ($by: CustomerKey!) { customer(by: $by) { displayName } }');
export const asked = (data: ResultOf<typeof Customer>) => data.customer?.displayName;`,
  },
  stripe: {
    code: `import Stripe from 'stripe'; export const ask = (key, id) => new Stripe(key).customers.retrieve(id);`,
    types: `import Stripe from 'stripe';
export const asked = async () => (await new Stripe('').customers.list({ email: '' })).data[0]?.name;`,
  },
};

const folder = mkdtempSync(resolve('bench/.sdk-'));
const rows = Object.entries(uses);
const sizes = await Promise.all(rows.map(async ([, { code }]) => kilobytes(await bundle(code, resolve('bench')))));
const imports = rows.map(([name]) => {
  const file = join(folder, 'import.mjs');
  writeFileSync(file, `import '${name}';\n`);
  return coldImport(file);
});
describeSchema();
const types = rows.map(([, { types }]) => instantiationsOf(types));
rmSync(folder, { recursive: true });

const suffered: string[][] = [];
let passed = Object.keys(clients).map(() => 0);
for (const fault of Object.keys(faults)) {
  const outcomes: Awaited<ReturnType<typeof outcomeOf>>[] = [];
  for (const client of Object.values(clients)) outcomes.push(await outcomeOf(client, fault));
  passed = passed.map((n, i) => n + (outcomes[i]?.isPassed ? 1 : 0));
  suffered.push([fault, ...outcomes.map(({ isPassed, said }) => (isPassed ? said : `**${said}**`))]);
}

publish('sdk', [
  '# The SDK compared with other clients',
  '',
  `${await machine()}. ${rows.map(([name]) => `${name} ${versionOf(name)}`).join(', ')}. Size: an application with one query, bundled and minified for a`,
  'browser, gzip. Import: the minimum of eleven new processes, relative to an empty module. Types: instantiations for one typed operation, TypeScript 5.9,',
  '`skipLibCheck`. gql.tada has no transport; stripe is a REST client for its own API.',
  '',
  '| | gzip, KB | cold import, ms | type instantiations |',
  '|---|---|---|---|',
  ...rows.map(
    ([name], i) =>
      `| ${name} | ${sizes[i]?.toFixed(1)} | ${imports[i]?.toFixed(1)} | ${types[i]?.toLocaleString('en')} |`,
  ),
  '',
  'Faults: one second for each request, and each client used as its documentation shows. A client passes if it returns a response where the',
  'next attempt would get one, and otherwise fails in time, with an error (text, stack, JSON) that reveals neither the email nor the token.',
  'Failures are **bold**. The server speaks GraphQL, whose errors stripe does not read, so for those only the absence of leaks counts.',
  '',
  `| | ${Object.keys(clients).join(' | ')} |`,
  `|---|${'---|'.repeat(passed.length)}`,
  ...suffered.map((row) => `| ${row.join(' | ')} |`),
  `| passed of ${suffered.length} | ${passed.join(' | ')} |`,
]);
process.exit(0);

// As gql.tada's own command generates it.
function describeSchema(): void {
  const plugins = [
    { name: 'gql.tada/ts-plugin', schema: resolve('schema.graphql'), tadaOutputLocation: './schema.d.ts' },
  ];
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { plugins } }));
  execFileSync('npx', ['gql.tada', 'generate', 'output'], { cwd: folder, stdio: 'ignore' });
}

function instantiationsOf(code: string): number {
  const settings = { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true, noEmit: true, types: [] };
  writeFileSync(join(folder, 'use.mts'), code.replace("'./schema'", "'./schema.d.ts'"));
  writeFileSync(join(folder, 'use.json'), JSON.stringify({ compilerOptions: settings, files: ['use.mts'] }));
  const tsc = resolve('sdk/gates/node_modules/typescript-5.9/lib/tsc.js');
  const options = [tsc, '-p', 'use.json', '--extendedDiagnostics'];
  const { stdout } = spawnSync(process.execPath, options, { cwd: folder, encoding: 'utf8' });
  const [, instantiations] = /Instantiations:\s+(\d+)/.exec(stdout) ?? [];
  if (/error TS/.test(stdout)) throw new Error(stdout);
  return Number(instantiations);
}

function versionOf(name: string): string {
  const path = name === '@rapport/sdk' ? 'sdk/package.json' : `bench/node_modules/${name}/package.json`;
  return JSON.parse(readFileSync(path, 'utf8')).version;
}
