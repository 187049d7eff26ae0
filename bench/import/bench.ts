// Compares the import of a file with COPY of the same rows into the same tables: npm run bench:import -- FILE [ROUNDS]
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { connect, freshDatabase, machine, median, onServer, publish, runRapport, spread } from '../harness.ts';

const [file, rounds = '3'] = process.argv.slice(2);
if (!file) throw new Error('Missing file. Usage: npm run bench:import -- FILE [ROUNDS]');
// Ordered so that each table refers only to earlier ones.
const tables = [
  'Workspace',
  'Customer',
  'CustomerExternalId',
  'Product',
  'Order',
  'OrderLine',
  'Return',
  'ReturnLine',
  'CustomerStatistics',
  'PurchasedProduct',
];

const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
const imports: { seconds: number; rows: number; rssMb: number }[] = [];
const copies: number[] = [];
for (let round = 0; round < Number(rounds); round++) {
  imports.push(await measureImport());
  await exportRows();
  copies.push(await measureCopy());
  console.log(
    `round ${round + 1}: import ${imports.at(-1)?.seconds.toFixed(1)} s, COPY ${copies.at(-1)?.toFixed(1)} s`,
  );
}
for (const name of ['rapport_bench_import', 'rapport_bench_copy']) await onServer(`DROP DATABASE IF EXISTS ${name}`);
rmSync(folder, { recursive: true });

const rows = imports[0]?.rows ?? 0;
const [importSeconds, copySeconds] = [median(imports.map(({ seconds }) => seconds)), median(copies)];
publish('import', [
  `# Import compared with COPY`,
  '',
  `${await machine()}; ${rounds} interleaved rounds, medians (spread).`,
  `${rows} source rows; COPY writes exactly the rows that the import wrote, into the same tables with their indexes and foreign keys.`,
  '',
  '| | seconds | source rows/s | relative to COPY | max RSS |',
  '|---|---|---|---|---|',
  `| COPY FROM STDIN | ${copySeconds.toFixed(1)} (${spread(copies)}) | ${Math.round(rows / copySeconds)} | 1.00 | |`,
  `| rapport import | ${importSeconds.toFixed(1)} (${spread(imports.map(({ seconds }) => seconds))}) | ${Math.round(rows / importSeconds)} | ${(copySeconds / importSeconds).toFixed(2)} | ${median(imports.map(({ rssMb }) => rssMb)).toFixed(0)} MB |`,
]);

async function measureImport() {
  const url = await freshDatabase('rapport_bench_import');
  await runRapport(url, ['workspaces', 'create', '--slug', 'bench']);
  const { output, mb } = await runRapport(url, [
    'import',
    '--workspace',
    'bench',
    '--source',
    'bench',
    '--format',
    'online-retail',
    '--json',
    file ?? '',
  ]);
  const { seconds, rows } = JSON.parse(output);
  return { seconds, rows, rssMb: mb };
}

async function exportRows(): Promise<void> {
  const client = await connect('rapport_bench_import');
  for (const table of tables)
    await pipeline(client.query(copyTo(`COPY "${table}" TO STDOUT`)), createWriteStream(join(folder, table)));
  await client.end();
}

async function measureCopy(): Promise<number> {
  await freshDatabase('rapport_bench_copy');
  const client = await connect('rapport_bench_copy');
  const started = performance.now();
  for (const table of tables)
    await pipeline(createReadStream(join(folder, table)), client.query(copyFrom(`COPY "${table}" FROM STDIN`)));
  const seconds = (performance.now() - started) / 1_000;
  await client.end();
  return seconds;
}
