// Writes the parts of the docs that list what the code has, between `<!-- generated: … -->` and `<!-- /generated -->`.
import { readFileSync, writeFileSync } from 'node:fs';
import { allPurposes, purposesOfParts } from '../src/customer-context/guard-schema.ts';
import { domains } from '../src/domains.ts';
import type { Domain } from '../src/manifest.ts';
import { tools } from '../src/mcp/tools.ts';
import '../src/server/schema.ts';
import { cyclesOf, graphOf, importsWithin, longestPaths, roomOf, sourceFiles } from './import-graph.ts';

const all = Object.values<Domain>(domains);

write('docs/importing.md', 'record types', [
  '```jsonl',
  ...all.flatMap(({ records = {} }) =>
    Object.entries(records).map(([type, { example }]) => JSON.stringify({ type, ...example })),
  ),
  '```',
]);

const scopes = all.flatMap(({ scopes = [] }) =>
  scopes.map(({ noun, isReadOnly, covers }) => [`\`${noun}:read\`${isReadOnly ? '' : `, \`${noun}:write\``}`, covers]),
);
write(
  'docs/keys-and-scopes.md',
  'scopes',
  table(
    ['scope', 'gives access to'],
    [
      ...scopes,
      ['`tokens:write`', 'creation of [customer tokens](#customer-tokens)'],
      [
        '`documents:free`',
        'any document, even if the server accepts only [trusted documents](limits.md#trusted-documents)',
      ],
      [
        '`pii:email`, `pii:phone`, `pii:address`, `pii:birthday`, `pii:free_text`',
        '[unmasked](#masking) personal data',
      ],
    ],
  ),
);

const partsOf = new Map<string, string[]>();
for (const { what, purposes } of purposesOfParts()) {
  const shown = shownFor(purposes);
  partsOf.set(shown, [...(partsOf.get(shown) ?? []), what]);
}
write(
  'docs/customer-context.md',
  'purposes',
  table(
    ['section', 'returned for'],
    [...partsOf].map(([shown, parts]) => [parts.map((part) => `\`${part}\``).join(', '), shown]),
  ),
);

function shownFor(purposes: readonly string[]): string {
  const others = allPurposes.filter((purpose) => !purposes.includes(purpose));
  if (others.length === 0) return 'every purpose';
  const named = allPurposes.filter((purpose) => purposes.includes(purpose)).map((purpose) => `\`${purpose}\``);
  return others.length === 1 ? `all but \`${others[0]}\`` : named.join(', ');
}

write(
  'docs/agents.md',
  'tools',
  table(
    ['tool', 'description for the model', 'scopes'],
    tools.map(({ name, description, scopes }) => [
      `\`${name}\``,
      description,
      scopes.map((scope) => `\`${scope}\``).join(', '),
    ]),
  ),
);

const files = sourceFiles();
const folders = graphOf(files, importsWithin(files), roomOf);
const [cycle] = cyclesOf(folders);
if (cycle) throw new Error(`The folders of src import each other in a cycle: ${cycle.join(' → ')}.`);
const levels = [...longestPaths(folders)].map(([folder, path]) => ({ folder, level: path.length }));
const highest = Math.max(...levels.map(({ level }) => level));
write(
  'docs/architecture.md',
  'levels of folders',
  table(
    ['level', 'folders in `src`'],
    Array.from({ length: highest }, (_, i) => [`${highest - i}`, foldersOn(highest - i)]),
  ),
);

function foldersOn(level: number): string {
  const names = levels.filter((each) => each.level === level).map(({ folder }) => folder);
  const folders = names
    .filter((name) => name !== 'manifests')
    .sort()
    .map((name) => `\`${name}\``);
  const manifests = 'the manifests: `domains.ts`, `manifest.ts` and `domain.ts` of each domain';
  return folders.join(', ') + (names.includes('manifests') ? `, and ${manifests}` : '');
}

function write(file: string, part: string, lines: string[]): void {
  const text = readFileSync(file, 'utf8');
  const place = new RegExp(`(<!-- generated: ${part} -->\\n)[^]*?(<!-- /generated -->)`);
  if (!place.test(text)) throw new Error(`${file} has no place for the generated part "${part}".`);
  writeFileSync(
    file,
    text.replace(place, (_, begin: string, end: string) => `${begin}${lines.join('\n')}\n${end}`),
  );
}

function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
