import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = 'docs/decisions';
const read = (file: string) => readFileSync(`${folder}/${file}`, 'utf8');
const files = readdirSync(folder)
  .filter((file) => file !== 'README.md')
  .sort();
const superseded = files.filter((file) => read(file).includes('- Status: Superseded'));

it('lists every decision once, in order, with its title and a summary', () => {
  const entries = [...read('README.md').matchAll(/^- \[(.+)\]\((.+)\)\n {2}(\S.*)$/gm)];

  expect(entries.map(([, title, file]) => [file, title])).toEqual(files.map((file) => [file, titleOf(file)]));
});

it('numbers the decisions without gaps', () => {
  const numbers = files.map((_, i) => String(i + 1).padStart(4, '0'));

  expect(files.map((file) => file.slice(0, 4))).toEqual(numbers);
  expect(files.map((file) => titleOf(file).slice(0, 6))).toEqual(numbers.map((number) => `${number}. `));
});

it.each(files)('%s has a status, a date, and a context, decision and consequences', (file) => {
  const [head = '', ...parts] = read(file).split(/^## /m);

  expect(head).toMatch(/^# .+\n\n- Status: (Accepted|Superseded by).*\n- Date: \d{4}-\d{2}-\d{2}.*\n\n$/);
  expect(parts.map((part) => part.split('\n')[0])).toEqual(['Context', 'Decision', 'Consequences']);
  for (const part of parts) expect(part).toMatch(/^\w+\n\n\S/);
});

it.each(superseded)('%s is superseded by a record that says so', (file) => {
  const [, next = ''] = /^- Status: Superseded by \[\d{4}\]\((.+)\)$/m.exec(read(file)) ?? [];

  expect(files).toContain(next);
  expect(read(next)).toContain(`supersedes [${file.slice(0, 4)}](${file})`);
});

function titleOf(file: string): string {
  return /^# (.+)$/m.exec(read(file))?.[1] ?? '';
}
