import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { findWorkspace } from '../src/access/workspaces.ts';
import { openDatabase } from '../src/db/database.ts';
import { computeRfmBounds } from '../src/orders/statistics/rfm.ts';
import { untilReady, useBuilt } from './built.ts';
import { useNewDatabase } from './database.ts';
import { pages, type Snippet, snippets } from './snippets.ts';

const npm = `#!/bin/sh
case "$*" in
  ci | test) exit 0 ;;
  start) exec cat "$STARTED" ;;
  'run -s rapport -- '*) shift 4; exec "$NODE" "$BUILT/cli/rapport.js" "$@" ;;
esac
PATH=$REAL_PATH
exec npm "$@"
`;

// Not every machine has curl.
const curl = `#!/usr/bin/env node
const { values, positionals } = require('node:util').parseArgs({
  options: {
    silent: { type: 'boolean', short: 's' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
  },
  allowPositionals: true,
});
const headers = values.header.map((header) => header.split(': '));
fetch(positionals[0], { method: values.data ? 'POST' : 'GET', headers, body: values.data })
  .then(async (response) => process.stdout.write(await response.text()));
`;

// The way of a newcomer: a first start on an empty database, and everything else beside that server.
const location = await useNewDatabase();
const otherServer = 'DATABASE_URL' in location ? await useNewDatabase() : null;
const built = resolve(useBuilt());
const shownOrigin = 'http://127.0.0.1:4000';
const { origin, output: firstOutput } = await startServer();
const keys = await makeKeys();

const folder = mkdtempSync(join(tmpdir(), 'rapport-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const checkout = makeCheckout();

it.each(pages)('shows in %s what its commands and queries answer', { timeout: 240_000 }, async (page) => {
  const own = snippets.filter((snippet) => snippet.page === page);

  for (const [index, snippet] of own.entries()) {
    const next = own[index + 1];
    if (snippet.language === 'graphql') await checkQuery(snippet, next);
    if (snippet.language === 'sh') await checkCommands(snippet, next);
    if (snippet.language === 'jsonl') {
      if (next?.language === 'sh') writeFileSync(join(checkout, importedFile(next)), snippet.code);
      else await checkLines(snippet);
    }
  }
});

it('installs the SDK as docs/sdk.md shows', () => {
  expect(existsSync(join(folder, 'my-app/node_modules/@rapport/sdk/dist/esm/index.js'))).toBe(true);
});

it('runs every example of GraphiQL with the key of its tab', async () => {
  const page = await (await fetch(`${origin}/graphql`, { headers: { accept: 'text/html' } })).text();
  const { defaultTabs: tabs } = JSON.parse(/\{"title":"Rapport".*\}/.exec(page)?.[0] ?? '{}');
  const operations = tabs.flatMap(({ query, headers }: { query: string; headers: string }) =>
    [...query.matchAll(/^(query|mutation) (\w+)/gm)].map(([, kind, operationName]) => ({
      kind,
      body: JSON.stringify({ query, operationName }),
      headers: { 'content-type': 'application/json', ...JSON.parse(headers) },
    })),
  );

  expect(tabs).toHaveLength(2);
  expect(operations.map(({ kind }: { kind: string }) => kind)).toContain('mutation');
  for (const { body, headers } of operations) {
    const answer = await (await fetch(`${origin}/graphql`, { method: 'POST', body, headers })).json();
    expect(answer).toEqual({ data: expect.anything(), extensions: expect.anything() });
    expect(JSON.stringify(answer.data), body).not.toMatch(/^\{"\w+":null|"nodes":\[\]/);
  }
});

/** Starts the server on the new database, which loads the samples. Returns its origin, and what it printed. */
async function startServer(): Promise<{ origin: string; output: string }> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', LOG_LEVEL: 'error', PORT: '0', ...location };
  const child = spawn(process.execPath, [join(built, 'main.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  afterAll(async () => {
    if (child.kill('SIGTERM')) await exited;
  });
  const { output, url } = await untilReady(child);
  return { origin: url.replace(/\/graphql$/, ''), output };
}

/** A key of `retail` with all scopes, and one for each list of scopes that a query is shown with. */
async function makeKeys(): Promise<Map<string, string>> {
  const lists = new Set(['all', ...snippets.flatMap(({ options }) => options.scopes ?? [])]);
  const { DATABASE_URL = null, RAPPORT_DATA_DIR = '' } = location;
  const database = await openDatabase({ databaseUrl: DATABASE_URL, dataDir: RAPPORT_DATA_DIR });
  try {
    const db = database.forWorkspace((await findWorkspace(database, 'retail')).id);
    // The undated orders of the sample lie 17 minutes apart: in those minutes of each day, some are a day older than others.
    await computeRfmBounds(db, new Date('2026-02-01T00:00:00Z'));
    const made = new Map<string, string>();
    for (const list of lists) {
      const scopes = list === 'all' ? allScopes : list.split(',');
      made.set(list, (await createApiKey(db, { name: 'docs', scopes })).secret);
    }
    return made;
  } finally {
    await database.close();
  }
}

/**
 * A folder beside `my-app`, in which commands run as they are shown. `npm` is a script that replaces what the suite cannot
 * do within itself: `npm ci` and `npm test` have run already, and `npm start` is the server above.
 */
function makeCheckout(): string {
  const [made, bin, app] = ['rapport', 'bin', 'my-app'].map((name) => join(folder, name)) as [string, string, string];
  for (const each of [made, bin, app]) mkdirSync(each);
  cpSync('package.json', join(made, 'package.json'));
  cpSync('sdk', join(made, 'sdk'), { recursive: true, filter: (path) => !/node_modules|\.readme-/.test(path) });
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'started'), firstOutput);
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
  writeFileSync(join(bin, 'curl'), curl, { mode: 0o755 });
  return made;
}

/** Runs commands with the shell. Returns what they print; fails if they do. */
async function run({ page, line, options, code }: Snippet): Promise<string> {
  // Several pages create a workspace `shop`.
  const slug = `shop-${pages.indexOf(page)}`;
  const where = 'postgres' in options && otherServer ? otherServer : location;
  const commands = code
    .replaceAll(shownOrigin, origin)
    .replace(/(--(?:slug|workspace) )shop\b/g, `$1${slug}`)
    .replace(/postgresql:\/\/rapport:secret@\S+/g, where.DATABASE_URL ?? '$&');
  const env = {
    ...where,
    PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
    REAL_PATH: process.env.PATH,
    NODE: process.execPath,
    BUILT: built,
    STARTED: join(folder, 'started'),
    HOME: folder,
    NODE_ENV: 'test',
    RAPPORT_KEY: keys.get('all'),
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  // Waiting synchronously would hide from `fetch` that the server closes idle connections.
  const { status, stdout, stderr } = await new Promise<{ status: unknown; stdout: string; stderr: string }>((done) => {
    execFile('sh', ['-e', '-c', commands], { cwd: checkout, env }, (error, stdout, stderr) =>
      done({ status: error?.code ?? 0, stdout, stderr }),
    );
  });
  expect({ status, stderr: status === 0 ? '' : stderr }, `${page}:${line}`).toEqual({ status: 0, stderr: '' });
  return stdout.replaceAll(origin, shownOrigin);
}

async function checkCommands(snippet: Snippet, expected: Snippet | undefined): Promise<void> {
  // Without a PostgreSQL server, the page about it is checked when the suite runs on one.
  if ('postgres' in snippet.options && !otherServer) return;
  const printed = await run(snippet);
  const at = `${snippet.page}:${snippet.line}`;
  if (expected?.language === 'json') expect(JSON.parse(printed), at).toMatchObject(pattern(JSON.parse(expected.code)));
  if (expected?.language === 'text') expect(printed.trim(), at).toMatch(lines(expected.code));
}

async function checkQuery({ page, line, options, code }: Snippet, expected: Snippet | undefined): Promise<void> {
  const { scopes = 'all', purpose } = options;
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${keys.get(scopes)}`,
      ...(purpose && { 'x-rapport-purpose': purpose }),
    },
    body: JSON.stringify({ query: code }),
  });
  const answer = await response.json();
  const shown = JSON.parse(expected?.code ?? '');
  // Either the whole answer is shown, or the data of one without errors.
  const isWhole = ['data', 'errors', 'extensions'].some((name) => name in shown);
  expect(isWhole ? answer : (answer.errors ?? answer.data), `${page}:${line}`).toMatchObject(pattern(shown));
}

/** Imports lines that no command of the page imports. All must be taken. */
async function checkLines(snippet: Snippet): Promise<void> {
  const slug = `lines-${pages.indexOf(snippet.page)}-${snippet.line}`;
  writeFileSync(join(checkout, 'lines.jsonl'), snippet.code);
  const code = `npm run -s rapport -- workspaces create --slug ${slug} --default-country PL > /dev/null
npm run -s rapport -- import --workspace ${slug} --source my-shop --format jsonl --json lines.jsonl`;
  const rows = snippet.code.trim().split('\n').length;

  expect(JSON.parse(await run({ ...snippet, code })), `${snippet.page}:${snippet.line}`).toMatchObject({
    rowsWritten: rows,
    rowsRefused: 0,
    warnings: 0,
  });
}

function importedFile({ page, line, code }: Snippet): string {
  const name = code.match(/(?<= )[\w.-]+\.jsonl/g)?.find((each) => !each.includes('.rejects.'));
  if (!name) throw new Error(`The commands at ${page}:${line} import none of the lines shown before them.`);
  return name;
}

/** What is shown, as a pattern: `…` stands for any value, or for any part of a text. */
function pattern(shown: unknown): object {
  return JSON.parse(JSON.stringify(shown), (_name, value) => {
    if (value === '…') return expect.anything();
    return typeof value === 'string' && value.includes('…') ? expect.stringMatching(lines(value)) : value;
  });
}

/** Lines as a pattern: a line of `…` alone stands for any number of lines, and blanks may be of any width. */
function lines(shown: string): RegExp {
  const each = shown
    .trim()
    .split('\n')
    .map((line) => {
      if (line.trim() === '…') return '[\\s\\S]*';
      const escaped = line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return escaped.replaceAll('…', '.*').replace(/\s+/g, '\\s+');
    });
  return new RegExp(`^${each.join('\\s*')}$`);
}
