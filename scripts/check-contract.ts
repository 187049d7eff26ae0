// Compares schema.graphql with the last release: npm run check:contract
import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { contractProblems, readChangeset } from './contract.ts';
import { lastReleased } from './released.ts';

const version = lastReleased();
const changesets = readdirSync('.changeset')
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => readChangeset(readFileSync(`.changeset/${file}`, 'utf8')));
const schemaOf = (path: string) => buildSchema(readFileSync(path, 'utf8'));
const problems = contractProblems(
  schemaOf(`released/${version}/schema.graphql`),
  version,
  schemaOf('schema.graphql'),
  changesets,
);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
