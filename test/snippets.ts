import { readdirSync, readFileSync } from 'node:fs';

/** A fenced code block of a page. */
export type Snippet = {
  page: string;
  /** Line of the page where the block begins, from 1. */
  line: number;
  /** The second-level heading above it. Empty before the first. */
  heading: string;
  language: string;
  /** Words behind the language: `scopes=customers:read` by name, a word alone with an empty value. */
  options: Record<string, string>;
  code: string;
};

/** The pages of `docs/` that describe one task each. */
export const guides = readdirSync('docs')
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .sort()
  .map((name) => `docs/${name}`);

/** Every page whose snippets the suite runs. */
export const pages = ['README.md', 'docs/README.md', ...guides, 'sdk/README.md', 'sdk/RECIPES.md'];

export const snippets: Snippet[] = pages.flatMap((page) => readPage(page).snippets);

export function textOf(page: string): string {
  return readFileSync(page, 'utf8');
}

/** The code blocks of a page, and its other lines. Throws if a block does not end. */
export function readPage(page: string): { snippets: Snippet[]; prose: string[] } {
  const [found, prose]: [Snippet[], string[]] = [[], []];
  let heading = '';
  let open: (Snippet & { fence: string }) | null = null;
  for (const [index, text] of textOf(page).split('\n').entries()) {
    const [, fence = '', info = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(text) ?? [];
    if (open) {
      if (fence.startsWith(open.fence) && info.trim() === '') {
        const { fence: _, ...snippet } = open;
        found.push(snippet);
        open = null;
      } else open.code += `${text}\n`;
    } else if (fence) {
      const [language = '', ...words] = info.trim().split(/\s+/);
      const options = Object.fromEntries(
        words.map((word) => word.split('=')).map(([name, value = '']) => [name, value]),
      );
      open = { page, line: index + 1, heading, language, options, code: '', fence };
    } else {
      heading = /^## (.+)$/.exec(text)?.[1] ?? heading;
      prose.push(text);
    }
  }
  if (open) throw new Error(`The code block at ${page}:${open.line} does not end.`);
  return { snippets: found, prose };
}
