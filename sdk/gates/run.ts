// What the package promises in figures, each with its bound: npm run -w @rapport/sdk gates. Ends with 1 where one is broken;
// with `--in-ci` whatever the clock says, which on a machine that others use too is not the package's, and without the tests,
// which CI runs by themselves.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle, coldImport, foreignOperations, kilobytes, operationNames } from './bundle.ts';
import { allCompilers, Consumer } from './consumer.ts';
import { modelProblems } from './models.ts';
import { atTheEdge, inBrowser, runtimes, startApi } from './platforms.ts';
import { passing } from './suites.ts';

type Gate = {
  name: string;
  figure: number;
  unit: '' | 'B' | 'KB' | 'ms' | 's' | '%';
  atMost?: number;
  atLeast?: number;
};

const isInCi = process.argv.includes('--in-ci');
const gates: Gate[] = [];

function gate(name: string, figure: number, unit: Gate['unit'], bound: { atMost: number } | { atLeast: number }): void {
  const each: Gate = { name, figure, unit, ...bound };
  gates.push(each);
  const target = each.atLeast === undefined ? `at most ${each.atMost}` : `at least ${each.atLeast}`;
  const said = `${figure.toFixed(2).padStart(8)} ${unit.padEnd(3)} ${target}`;
  console.log(`${(holds(each) ? 'held' : 'BROKEN').padEnd(7)}${name.padEnd(60)}${said}`);
}

function holds({ figure, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Gate): boolean {
  return figure <= atMost && figure >= atLeast;
}

const none = { atMost: 0 };
const all = { atLeast: 100 };
const email = 'sofia.hernandez3039@example.com';

// What it weighs.
const one =
  await bundle(`import { createClient } from '@rapport/sdk'; import { PurchaseHistory } from '@rapport/sdk/ops';
  export const orders = (o) => createClient(o).request(PurchaseHistory, { by: { email: 'a@b.co' } });`);
const facade = await bundle(`export { createApi } from '@rapport/sdk/api';`);
gate('core with one operation, gzip', kilobytes(one), 'KB', { atMost: 3.5 });
// The facade grows with the API, so the bound is that of 9 KB for the 71 operations it once had.
const perOperation = ((kilobytes(facade) - kilobytes(one)) * 1_000) / operationNames.length;
gate('facade over the core, per operation, gzip', perOperation, 'B', { atMost: 77 });
gate('other operations in a bundle of one', foreignOperations(one, 'PurchaseHistory').length, '', none);
const tools = await bundle(`export { createTools, toOpenAi } from '@rapport/sdk/tools';`);
gate('tools for models, gzip', kilobytes(tools), 'KB', { atMost: 10 });
gate('cold import of the core, over an empty module', coldImport(resolve('dist/esm/index.js')), 'ms', { atMost: 3 });
gate('cold import of the facade, over an empty module', coldImport(resolve('dist/esm/api.js')), 'ms', { atMost: 5 });

// What it is as a package.
const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
gate('runtime dependencies', Object.keys({ ...dependencies, ...peerDependencies }).length, '', none);
gate('problems that publint finds, strictly', await packageProblems(), '', none);
gate('problems that attw finds, node10 to bundler', typeProblems(), '', none);

// What it is to whoever compiles with it.
const consumer = new Consumer();
const use = `import { createClient, RapportError } from '@rapport/sdk';
import { createApi } from '@rapport/sdk/api';
import { CustomerTimeline } from '@rapport/sdk/ops';
import { createQueries, type QueryKey, queryKey } from '@rapport/sdk/query';
import { createMockServer } from '@rapport/sdk/testing';
const client = createClient({ url: '', token: '' });
export const seen = async (email: string): Promise<string[]> => {
  const { customer } = await client.request(CustomerTimeline, { by: { email } });
  return (customer?.timeline.nodes ?? []).map(({ kind }) => kind);
};
export const crm = createApi({ url: '', token: '', fetch: createMockServer({}).fetch });
export const options = createQueries(client).query(CustomerTimeline, { by: { id: '1' } });
// Without TanStack Query a key is one all the same, and nothing of it is \`any\`.
export const key: QueryKey = queryKey(CustomerTimeline, { by: { id: '1' } });
export const [, operation]: readonly [string, string, unknown, object] = options.queryKey;
export const codeOf = (error: unknown) => (error instanceof RapportError ? error.code : null);
`;
for (const compiler of allCompilers)
  gate(`errors of a strict consumer, TypeScript ${compiler}`, consumer.compile(compiler, use).errors.length, '', none);
const wrong = [
  ['field', '({ customer }) => customer?.shoeSize', '{ by: { email: "" } }'],
  ['variable', '() => null', '{ by: { mail: "" } }'],
  ['missing variable', '() => null', '{}'],
].map(
  ([, then, variables]) => `import { createClient } from '@rapport/sdk';
import { Customer } from '@rapport/sdk/ops';
export const asked = createClient({ url: '', token: '' }).request(Customer, ${variables}).then(${then});
`,
);
const union = `import type { CustomerTimelineQuery } from '@rapport/sdk';
type Item = NonNullable<CustomerTimelineQuery['customer']>['timeline']['nodes'][number]['item'];
export const handled = (item: Item): string => {
  switch (item.__typename) {
    case 'Order': return item.number;
    default: { const rest: never = item; return rest; }
  }
};
`;
const accepted = [...wrong, union].filter((code) => consumer.compile('7', code).errors.length === 0);
gate('wrong fields, variables, unhandled branches that compile', accepted.length, '', none);
gate('errors of a caller of model APIs', modelProblems(consumer), '', none);
const single = `import { createClient } from '@rapport/sdk';
import { Customer } from '@rapport/sdk/ops';
export const nameOf = async (email: string): Promise<string | undefined> => {
  const { customer } = await createClient({ url: '', token: '' }).request(Customer, { by: { email } });
  return customer?.displayName;
};
`;
gate('type instantiations of one operation', consumer.compile('7', single, true).instantiations, '', { atMost: 150 });
gate('fields and methods without a description', undescribed(), '', none);

// What it does, on every platform.
if (!isInCi) {
  gate('fault suite passed, leaks of what was sent too', passing('sdk/test/faults', 'sdk/test/credentials'), '%', all);
  gate('lists ask for the pages that are consumed, and no more', passing('test/sdk-api'), '%', all);
  gate('snippets of the documents compile and run', passing('test/sdk-readme'), '%', all);
}
gate('operations whose id is the SHA-256 of their text', hashed(), '%', all);
const api = await startApi('http://none.test');
for (const [name, command] of Object.entries(runtimes))
  gate(`tarball answered on ${name}`, answersOn(command) ? 1 : 0, '', { atLeast: 1 });
api.stop();
consumer.remove();
const browser = await inTheBrowser();
gate('browser bundle answered in Chromium', browser === 'Sofia Hernandez' ? 1 : 0, '', { atLeast: 1 });
gate('bundle answered in an edge runtime', (await onTheEdge()) === 'Shop' ? 1 : 0, '', { atLeast: 1 });

if (gates.some((each) => !holds(each) && (!isInCi || each.unit !== 'ms'))) process.exit(1);

/** Problems of the package's manifest and files. */
async function packageProblems(): Promise<number> {
  // Installed only for the gates, so the path is not resolved when types are checked.
  const path = './node_modules/publint/src/index-node.js';
  const { publint } = await import(path);
  return (await publint({ strict: true })).messages.length;
}

/** Ways of resolving a module, from the oldest, in which its types are not found or are not those of its code. */
function typeProblems(): number {
  const { status, stdout } = spawnSync(
    'gates/node_modules/.bin/attw',
    ['--pack', '.', '--exclude-entrypoints', './schema.graphql', '--format', 'json'],
    { encoding: 'utf8' },
  );
  const { problems } = JSON.parse(stdout).analysis;
  return Math.max(problems.length, status ?? 1);
}

// Of what is generated: fields of inputs and answers, and methods, with nothing to show where one points at them.
function undescribed(): number {
  const lines = ['generated/types.d.ts', 'generated/api.d.ts'].flatMap((file) =>
    consumer.declarations(file).split('\n'),
  );
  return lines.filter(
    (line, i) => /^ {4,}(readonly )?\w+\??: (?!never)/.test(line) && !/\*\/\s*$/.test(lines[i - 1] ?? ''),
  ).length;
}

function hashed(): number {
  const manifest = Object.entries<string>(JSON.parse(readFileSync('persisted.json', 'utf8')));
  const right = manifest.filter(([id, text]) => id === `sha256:${createHash('sha256').update(text).digest('hex')}`);
  return (100 * right.length) / manifest.length;
}

function answersOn([program = '', ...options]: string[]): boolean {
  const code = `import { createApi } from '@rapport/sdk/api';
    const crm = createApi({ url: '${api.url}', token: '${api.key}' });
    console.log((await crm.customers.get({ email: '${email}' })).displayName);`;
  const { stdout } = spawnSync(program, [...options, consumer.write('answer.mjs', code)], { encoding: 'utf8' });
  return stdout.includes('Sofia Hernandez');
}

async function inTheBrowser(): Promise<string> {
  let stop = () => {};
  const said = await inBrowser(async (origin) => {
    const api = await startApi(origin);
    stop = api.stop;
    return bundle(`import { createClient } from '@rapport/sdk'; import { Customer } from '@rapport/sdk/ops';
      createClient({ url: '${api.url}', token: '${api.key}' }).request(Customer, { by: { email: '${email}' } })
        .then(({ customer }) => told(customer.displayName), (error) => told(String(error)));`);
  });
  stop();
  return said;
}

async function onTheEdge(): Promise<string> {
  const code = await bundle(
    `import { createClient } from '@rapport/sdk'; import { Workspace } from '@rapport/sdk/ops-hash';
      import { createMockServer } from '@rapport/sdk/testing';
      const { fetch } = createMockServer({ Workspace: () => ({ workspace: { name: 'Shop' } }) });
      globalThis.said = createClient({ url: 'http://edge.test', token: 'any', fetch }).request(Workspace)
        .then(({ workspace }) => workspace.name);`,
  );
  return atTheEdge(`${code}; globalThis.said`);
}
