// Turns the pending changesets into a version, and keeps its schema and documents permanently: npm run release
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';

execFileSync(process.execPath, ['scripts/release/node_modules/@changesets/cli/bin.js', 'version'], {
  stdio: 'inherit',
});
const { version } = JSON.parse(readFileSync('sdk/package.json', 'utf8'));
const folder = `released/${version}`;
mkdirSync(folder);
copyFileSync('schema.graphql', `${folder}/schema.graphql`);
copyFileSync('sdk/persisted.json', `${folder}/persisted.json`);
console.log(
  `Created ${folder}. Commit it with sdk/package.json and sdk/CHANGELOG.md, then: npm publish -w @rapport/sdk`,
);
