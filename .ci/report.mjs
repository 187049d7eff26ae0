// Prints the number of passed tests in Vitest's JSON report, then one line for each failure.
// A skipped test, a file that does not load, a run without tests and a missing report are failures too.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [suite, path] = process.argv.slice(2);
const { numPassedTests, numTotalTests, testResults } = read(path);
console.log(numPassedTests);
if (numTotalTests === 0) fail('the whole suite', 'No test ran.');
for (const { name, status, message, assertionResults } of testResults) {
  const file = relative(process.cwd(), name);
  if (status === 'failed' && assertionResults.length === 0) fail(file, message);
  for (const test of assertionResults) {
    if (test.status !== 'passed') fail(`${file} > ${test.fullName}`, test.failureMessages?.[0] ?? test.status);
  }
}

function fail(test, message) {
  console.log(`FAILED (${suite}) ${test}: ${message.trim().split('\n')[0]}`);
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { numPassedTests: 0, numTotalTests: 0, testResults: [] };
  }
}
