import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { listWorkspaces } from '../src/access/workspaces.ts';
import { loadSample } from '../src/sample/load-sample.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent } from './api.ts';
import { useDatabase } from './database.ts';
import { snippets as allSnippets } from './snippets.ts';

type Language = 'ts' | 'tsx';

// The TypeScript of every page. What `docs-snippets.test.ts` runs is in other languages.
const snippets = allSnippets
  .filter(({ language }) => language === 'ts' || language === 'tsx')
  .map(({ language, ...rest }) => ({ ...rest, language: language as Language, name: `${rest.page}:${rest.line}` }));

// How each exported recipe is called, and the response it should return.
const order = `{ id: '1', buyer: { id: 'b', name: 'Bo', email: 'b@example.com' }, at: '2026-01-01T00:00:00Z', items: [{ name: 'Cup', price: '5' }] }`;
const recipes: Record<string, [call: string, answer: RegExp]> = {
  'React with TanStack Query': ['page(createElement(made, { url, token, email }))', /<li>#W\d+.*: .+<\/li>/],
  'A server component in Next.js': ['page(await made({ url, token, email }))', /<h1>Sofia Hernandez<\/h1>/],
  'A browser page without a framework': ['greeting(made)', /Hello, Sofia Hernandez!/],
  'Sync customers and orders from another system': [
    `made(url, token, [${order}, ${order}])`,
    /CREATED.*CREATED.*NOOP.*NOOP/s,
  ],
  'An agent tool: purchase history': ['made(url, token).execute({ email })', /items: \[ '\d x /],
  'A custom selection with gql.tada': ['made(url, token)', /(.+ \(since \d{4}-\d\d-\d\d\).+){3}/s],
  'A custom selection without tools': ['made(url, token)', /'.+', '.+', '.+'/s],
};
const helpers = `import { inspect } from 'node:util';
import { createElement } from 'react';
import { renderToReadableStream } from 'react-dom/server.edge';
const [url, token, email] = [process.env.RAPPORT_URL, process.env.RAPPORT_KEY, 'sofia.hernandez3039@example.com'];
async function page(element) {
  const stream = await renderToReadableStream(element);
  await stream.allReady;
  return (await new Response(stream).text()).replaceAll('<!-- -->', '');
}
async function greeting(made) {
  const element = { textContent: null };
  await made(element, url, async () => token, email);
  return element.textContent;
}
`;

// The real server with the sample data, and a key that may write.
const { database } = await useDatabase();
await loadSample(database, [], () => undefined);
const retail = (await listWorkspaces(database)).find(({ slug }) => slug === 'retail');
const key = await createApiKey(database.forWorkspace(retail?.id ?? ''), { name: 'readme', scopes: allScopes });
const http = createHttpServer(createServer({ database, logger: silent }).listener);
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;

// Inside the repository, where the package resolves by name.
const folder = mkdtempSync(join(process.cwd(), 'sdk/.readme-'));
afterAll(() => {
  http.closeAllConnections();
  http.close();
  rmSync(folder, { recursive: true });
});

function run(command: string, ...options: string[]): Promise<{ isDone: boolean; output: string }> {
  const env = { ...process.env, RAPPORT_KEY: key.secret, RAPPORT_URL: url };
  return new Promise((resolve) => {
    execFile(command, options, { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ isDone: error === null, output: `${stdout}${stderr}` }),
    );
  });
}

const nameOf = (snippet: (typeof snippets)[number]) => `snippet-${snippets.indexOf(snippet)}`;

for (const snippet of snippets) {
  const { language, code } = snippet;
  writeFileSync(join(folder, `${nameOf(snippet)}.${language}`), code);
  const javascript = transformSync(code, { loader: language, jsx: 'automatic', format: 'esm' }).code;
  writeFileSync(join(folder, `${nameOf(snippet)}.mjs`), javascript.replace('http://127.0.0.1:4000/graphql', url));
}

it('compiles every snippet', async () => {
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    moduleDetection: 'force',
    target: 'es2022',
    jsx: 'react-jsx',
    types: ['node'],
    noEmit: true,
  };
  const files = snippets.map((snippet) => `${nameOf(snippet)}.${snippet.language}`);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));

  const { isDone, output } = await run(join(process.cwd(), 'node_modules/.bin/tsc'), '-p', 'tsconfig.json');

  // The line of an error counts from the first line of the snippet's block.
  const named = output.replace(/snippet-(\d+)/g, (name, index) => snippets[index]?.name ?? name);
  expect({ isDone, output: named }).toEqual({ isDone: true, output: '' });
});

it.each(snippets)('runs the snippet $name', async (snippet) => {
  const name = nameOf(snippet);
  const [call, answer = /\S/] = recipes[snippet.heading] ?? [];
  const calling = `import made from './${name}.mjs';\n${helpers}console.log(inspect(await ${call}, { depth: 9 }));\n`;
  writeFileSync(join(folder, `run-${name}.mjs`), call ? calling : `import './${name}.mjs';\n`);
  const { isDone, output } = await run('node', `run-${name}.mjs`);
  expect(output).toMatch(answer);
  expect(output).not.toMatch(/INVALID_INPUT|NOT_FOUND|UNAUTH|NETWORK|FORBIDDEN/);
  expect(isDone).toBe(true);
});

it('has snippets, and a call for every recipe that is called', () => {
  expect(snippets.length).toBeGreaterThan(10);
  const called = snippets.filter(({ code }) => code.includes('export default')).map(({ heading }) => heading);
  expect(called).toEqual(Object.keys(recipes));
});
