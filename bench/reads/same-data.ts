import { ask } from './ask.ts';
import { type Facts, factsOf, mustEqual } from './facts.ts';
import type { ComparedRead } from './read.ts';
import type { Contender } from './sides.ts';

const subjects = 20;

/**
 * Throws unless all sides answer this read with the same data. Skips a key that may not read personal data, since it
 * gets less.
 */
export async function checkSameData({ name, settle = (facts) => facts }: ComparedRead, contenders: Contender[]) {
  for (let n = 0; n < subjects; n++) {
    const [limit, ...others] = contenders.filter(({ side }) => side !== 'Rapport, masked');
    if (!limit) continue;
    const expected = settle(await answerOf(limit, n));
    for (const other of others) {
      mustEqual(settle(await answerOf(other, n)), expected, `${name} ${n}, ${other.side} beside the limit`);
    }
  }
}

async function answerOf({ server, bodyOf, authorization }: Contender, n: number): Promise<Facts> {
  return factsOf(await ask(server.port, bodyOf(n), authorization));
}
