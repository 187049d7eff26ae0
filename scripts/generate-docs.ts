// Writes the parts of the docs that list what the domains have, between `<!-- generated: … -->` and `<!-- /generated -->`.
import { readFileSync, writeFileSync } from 'node:fs';
import { domains } from '../src/domains.ts';
import type { Domain } from '../src/manifest.ts';

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

function write(file: string, part: string, lines: string[]): void {
  const text = readFileSync(file, 'utf8');
  const place = new RegExp(`(<!-- generated: ${part} -->\\n)[^]*?(<!-- /generated -->)`);
  if (!place.test(text)) throw new Error(`${file} has no place for the generated part "${part}".`);
  writeFileSync(
    file,
    text.replace(place, (_, begin: string, end: string) => `${begin}${lines.join('\n')}\n${end}`),
  );
}

function table(head: [string, string], rows: string[][]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
