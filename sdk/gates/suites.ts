import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The share of these tests that pass, in percent, and 0 where there are none. */
export function passing(...files: string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-suite-'));
  const report = join(folder, 'report.json');
  const options = ['vitest', 'run', ...files, '--reporter=json', `--outputFile=${report}`];
  spawnSync('npx', options, { cwd: '..', stdio: 'ignore' });
  const { numPassedTests, numTotalTests, success } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  return numTotalTests > 0 && success ? 100 : (100 * numPassedTests) / Math.max(1, numTotalTests + 1);
}
