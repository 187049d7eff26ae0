import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { allScopes } from '../src/access/scopes.ts';
import { readConfig } from '../src/cli/config.ts';
import { recordTypes } from '../src/import/format.ts';
import { errorCodes } from '../src/lib/errors.ts';
import { guides, pages, readPage, snippets, textOf } from './snippets.ts';

// What runs a block of each language. A block of any other language would be shown without being run.
const runners: Record<string, string> = {
  graphql: 'docs-snippets.test.ts',
  json: 'docs-snippets.test.ts',
  sh: 'docs-snippets.test.ts',
  text: 'docs-snippets.test.ts',
  jsonl: 'docs-snippets.test.ts',
  ts: 'sdk-readme.test.ts',
  tsx: 'sdk-readme.test.ts',
};

// What an expected output belongs to: the block before it.
const expectedOf: Record<string, string[]> = { json: ['graphql', 'sh'], text: ['sh'] };

it.each(pages)('runs every code block of %s', (page) => {
  const own = snippets.filter((snippet) => snippet.page === page);

  for (const [index, { line, language }] of own.entries()) {
    const at = `${page}:${line} (${language})`;
    expect(Object.keys(runners), at).toContain(language);
    const sources = expectedOf[language];
    if (sources) expect(sources, at).toContain(own[index - 1]?.language);
    if (language === 'graphql') expect(own[index + 1]?.language, at).toBe('json');
  }
});

it.each(guides)('opens %s with a code block', (page) => {
  const [first] = snippets.filter((snippet) => snippet.page === page);

  expect(first?.heading).toBe('');
});

it('keeps pages short', () => {
  const tooLong = (page: string, limit: number) => textOf(page).trimEnd().split('\n').length > limit;

  expect(guides.filter((page) => tooLong(page, 250))).toEqual([]);
  expect(['README.md', 'docs/README.md'].filter((page) => tooLong(page, 170))).toEqual([]);
});

it('links every page from the index', () => {
  const linked = linksOf('docs/README.md');

  expect(guides.filter((page) => !linked.includes(page.replace('docs/', '')))).toEqual([]);
});

const decisions = existsSync('docs/decisions') ? readdirSync('docs/decisions') : [];
const linking = [
  ...pages,
  ...['CONTRIBUTING.md', 'SECURITY.md', 'sample/README.md'],
  ...decisions.filter((name) => name.endsWith('.md')).map((name) => `docs/decisions/${name}`),
];

it.each(linking)('has no broken link in %s', (page) => {
  const broken = linksOf(page).filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !(statSync(target).isFile() && anchorsOf(target).has(anchor));
  });

  expect(broken).toEqual([]);
});

it.each(['data-flow', 'architecture'])(
  'draws %s.svg for light and dark mode, with a title and a description',
  (name) => {
    const picture = textOf(`docs/${name}.svg`);

    expect(picture).toMatch(/<title[ >][^<]+<\/title>/);
    expect(picture).toMatch(/<desc[ >][^<]+<\/desc>/);
    expect(picture).toContain('(prefers-color-scheme: dark)');
  },
);

it('lists every variable with its default in docs/configuration.md', () => {
  const { dataDir, port, host, logLevel, maxBodyBytes, queryTimeoutMs, limits } = readConfig({});
  const defaults: Record<string, string> = {
    DATABASE_URL: 'none',
    RAPPORT_DATA_DIR: dataDir,
    PORT: String(port),
    HOST: host,
    NODE_ENV: 'development',
    LOG_LEVEL: logLevel,
    RAPPORT_CORS_ORIGINS: 'none',
    RAPPORT_PUBLIC_URLS: 'none',
    RAPPORT_MAX_BODY_BYTES: maxBodyBytes.toLocaleString('en'),
    RAPPORT_MAX_TOKENS: limits.tokens.toLocaleString('en'),
    RAPPORT_MAX_DEPTH: String(limits.depth),
    RAPPORT_MAX_ALIASES: String(limits.aliases),
    RAPPORT_MAX_DIRECTIVES: String(limits.directives),
    RAPPORT_MAX_REPEATS: limits.repeats.toLocaleString('en'),
    RAPPORT_MAX_MUTATIONS: String(limits.mutations),
    RAPPORT_MAX_COST: limits.cost.toLocaleString('en'),
    RAPPORT_MAX_COST_PER_MINUTE: limits.costPerMinute.toLocaleString('en'),
    RAPPORT_QUERY_TIMEOUT_MS: queryTimeoutMs.toLocaleString('en'),
    RAPPORT_DOCUMENTS: 'any',
  };
  const names = [...readFileSync('src/cli/config.ts', 'utf8').matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
  const stated = (page: string) =>
    Object.fromEntries(
      [...textOf(page).matchAll(/^\| `([A-Z_]+)` +\| ([^|]+?) +\|/gm)].map(([, name, value = '']) => [
        name,
        value.replaceAll('`', ''),
      ]),
    );
  const limiting = Object.entries(defaults).filter(([name]) => /_(MAX|TIMEOUT)_/.test(name));

  expect(Object.keys(defaults)).toEqual(names);
  expect(stated('docs/configuration.md')).toMatchObject(defaults);
  expect(stated('docs/limits.md')).toMatchObject(
    Object.fromEntries(limiting.filter(([name]) => name !== 'RAPPORT_MAX_BODY_BYTES')),
  );
});

it('describes every error code, scope and type of imported record', () => {
  const limits = textOf('docs/limits.md');
  const keys = textOf('docs/keys-and-scopes.md');
  const importing = textOf('docs/importing.md');

  expect(Object.keys(errorCodes).filter((code) => !limits.includes(`| \`${code}\``))).toEqual([]);
  expect(allScopes.filter((scope) => !keys.includes(`\`${scope}\``))).toEqual([]);
  expect(recordTypes.filter((type) => !importing.includes(`{"type":"${type}",`))).toEqual([]);
});

/** Links of a page to files of the repository, and to headings of the page. */
function linksOf(page: string): string[] {
  const prose = readPage(page)
    .prose.join('\n')
    .replace(/`[^`]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** Anchors of the headings of a page, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of readPage(page).prose) {
    const [, heading] = /^#{1,6} (.+)$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain
      .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
