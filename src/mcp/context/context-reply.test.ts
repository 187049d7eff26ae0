import fc from 'fast-check';
import { encode } from 'gpt-tokenizer';
import { expect, it } from 'vitest';
import { randomCustomerContext } from '../../../test/mcp/random-customer-context.ts';
import { Markers } from '../text/markers.ts';
import type { Reply } from '../tool.ts';
import type { Context } from './context-document.ts';
import { contextReply } from './context-reply.ts';
import { type Language, languages, wordings } from './wording.ts';

const language = fc.constantFrom(...languages);
const budget = fc.integer({ min: 200, max: 8_000 });

function replyTo(
  context: Context,
  of: Language,
  maxTokens: number,
  isDetailed: boolean,
  markers = new Markers(),
): Reply {
  const rendering = { words: wordings[of], markers, isDetailed };
  return contextReply(context, 'PERSONALISATION VERIFIED', maxTokens, rendering);
}

/** Tokens of the result as it travels. */
function sizeOf({ text, data }: Reply): number {
  return encode(JSON.stringify({ content: [{ type: 'text', text }], structuredContent: data })).length;
}

it('never exceeds its budget, and always has the mandatory lines', () => {
  fc.assert(
    fc.property(randomCustomerContext, language, budget, fc.boolean(), (context, of, maxTokens, isDetailed) => {
      const reply = replyTo(context, of, maxTokens, isDetailed);
      const { labels } = wordings[of];

      expect(sizeOf(reply)).toBeLessThanOrEqual(maxTokens);
      expect(reply.text).toContain(`\n${labels.address} `);
      expect(reply.text).toContain('PERSONALISATION VERIFIED');
      if (context.now.openCases) expect(reply.text).toContain(`\n${labels.case}`);
      if (context.now.openFollowUps?.some(({ kind }) => kind === 'PROMISE'))
        expect(reply.text).toMatch(new RegExp(`\n${labels.promise} |\n${labels.case}.*${wordings[of].promise}`));
      if (context.withheld.length > 0) expect(reply.text).toContain(`\n${labels.withheld} `);
    }),
    { numRuns: 600, endOnFailure: true },
  );
}, 120_000);

it('returns a superset for a larger budget', () => {
  fc.assert(
    fc.property(
      randomCustomerContext,
      language,
      budget,
      budget,
      fc.boolean(),
      (context, of, one, other, isDetailed) => {
        const markers = new Markers();
        const linesOf = (maxTokens: number) =>
          replyTo(context, of, maxTokens, isDetailed, markers)
            .text.split('\n')
            .filter((line) => !line.startsWith(wordings[of].labels.omitted));
        const larger = linesOf(Math.max(one, other));

        expect(linesOf(Math.min(one, other)).filter((line) => !larger.includes(line))).toEqual([]);
      },
    ),
    { numRuns: 200, endOnFailure: true },
  );
}, 120_000);

it('resolves every reference, and says what it left out', () => {
  fc.assert(
    fc.property(randomCustomerContext, language, budget, fc.boolean(), (context, of, maxTokens, isDetailed) => {
      const { text, data } = replyTo(context, of, maxTokens, isDetailed);
      const { facts } = data as { facts: Record<string, string> };
      const cited = [...text.matchAll(/ \[([cf][\d fc]*)\]$/gm)].flatMap(([, list = '']) => list.split(' '));
      const all = replyTo(context, of, 1e6, isDetailed);

      expect([...new Set(cited)].sort()).toEqual(Object.keys(facts).sort());
      if (text.split('\n').length < all.text.split('\n').length)
        expect(text).toContain(`\n${wordings[of].labels.omitted} `);
    }),
    { numRuns: 200, endOnFailure: true },
  );
}, 120_000);

it('uses a good part of its budget, and is smaller than JSON', () => {
  const sizes: [number, number][] = [];
  fc.assert(
    fc.property(randomCustomerContext, language, (context, of) => {
      const [reply, all] = [replyTo(context, of, 1_500, false), replyTo(context, of, 1e6, false)];
      sizes.push([sizeOf(all), encode(JSON.stringify(context, null, 2)).length]);

      if (sizeOf(all) > 3_000) expect(sizeOf(reply)).toBeGreaterThan(500);
      expect(sizeOf(all)).toBeLessThan(encode(JSON.stringify(context, null, 2)).length);
    }),
    { numRuns: 100, endOnFailure: true },
  );
  const sum = (which: 0 | 1) => sizes.reduce((total, each) => total + each[which], 0);
  console.log(`context texts take ${Math.round((100 * sum(0)) / sum(1))} % of the tokens of pretty-printed JSON`);
}, 120_000);
