// Checks that descriptions, messages and docs are in plain English: npm run check:english
import { readdirSync, readFileSync } from 'node:fs';
import { schema } from '../src/server/schema.ts';
import { check, descriptionsOf, messagesOf, proseOf, type Text } from './english.ts';

const filesIn = (folder: string, isWanted: (path: string) => boolean) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter(isWanted)
    .sort();
const isModule = (path: string) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('/generated/');
const isPage = (path: string) => path.endsWith('.md');

const descriptions = [...descriptionsOf(schema)];
const messages = ['src', 'sdk/src']
  .flatMap((folder) => filesIn(folder, isModule))
  .flatMap((path) => messagesOf(path, readFileSync(path, 'utf8')));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'sdk/README.md',
  'sdk/RECIPES.md',
  ...filesIn('docs', isPage),
];
const prose: Text[] = pages.flatMap((path) => proseOf(path, readFileSync(path, 'utf8')));

const problems = check([...descriptions, ...messages, ...prose]);
for (const { where, text, problem } of problems) console.error(`${where}: ${problem}\n  ${text}`);
console.log(
  `${descriptions.length} descriptions, ${messages.length} messages and ${prose.length} paragraphs: ${problems.length} problems`,
);
process.exit(problems.length > 0 ? 1 : 0);
