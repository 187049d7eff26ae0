// Compares the Polish vocatives with a list: npm run check:vocatives -- [file with name,vocative,gender]
import { compareWithRules, readVocatives, reportOf } from './vocatives.ts';

const [path = 'test/fixtures/salutation/polish-vocatives.csv'] = process.argv.slice(2);
const counts = compareWithRules(readVocatives(path));
console.log(reportOf(counts));
const { rows, misses } = counts['with the gender of the list'] ?? { rows: 0, misses: [] };
process.exit(misses.length > rows / 100 ? 1 : 0);
