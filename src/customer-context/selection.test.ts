import fc from 'fast-check';
import { type GraphQLOutputType, getNamedType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { known, timeless, useKnownCustomer } from '../../test/known-customer.ts';
import { isOfRequest } from '../../test/rows-read.ts';
import { contextType, everything, partsOf } from '../../test/whole-context.ts';

const { api, shop, ask, context } = await useKnownCustomer();

describe('a random selection', () => {
  it('runs one statement and returns the same values as the full selection', async () => {
    const all = await context(everything);
    const runs = api.isEmbedded ? 100 : 200;

    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
        const random = (below: number) => (numbers.next().value ?? 0) % below;
        const { text, read } = randomSelection(contextType, random, 0);
        api.statements.length = 0;
        const answer = await shop.data(ask(text), { by: known });

        expect(api.statements.filter(isOfRequest)).toHaveLength(1);
        expect(timeless(answer.customerContext)).toEqual(timeless(read(all)));
      }),
      { numRuns: runs },
    );
  });
});

type Selected = { text: string; read: (whole: unknown) => unknown };

/** Selects random fields of a type, some aliased and some in fragments, and reads the same values from the whole. */
function randomSelection(
  type: GraphQLOutputType,
  random: (below: number) => number,
  depth: number,
  level = 0,
): Selected {
  const named = getNamedType(type);
  if (!isObjectType(named)) return { text: '', read: (whole) => whole };
  const fields = partsOf(named, level).filter(() => random(3) > 0 || depth > 6);
  const parts = [...fields, ...fields.filter(() => random(8) === 0)].map(({ field, level: within }, i) => {
    const key = random(3) === 0 ? `x${depth}_${i}` : field.name;
    const inner = randomSelection(field.type, random, depth + 1, within);
    const first =
      field.args.length === 1 && field.args[0]?.name === 'first' && key !== field.name && random(2)
        ? 1 + random(3)
        : null;
    const text = `${key}: ${field.name}${first ? `(first: ${first})` : ''} ${inner.text}`;
    const read = (whole: Record<string, unknown>) => {
      const value = inner.read(whole[field.name]);
      return first && Array.isArray(value) ? value.slice(0, first) : value;
    };
    return { key, text: random(4) === 0 ? `... on ${named.name} { ${text} }` : text, read };
  });
  // A response key may appear only once.
  const single = parts.filter(({ key }, i) => parts.findIndex((each) => each.key === key) === i && key !== 'omitted');
  const chosen = single.length > 0 ? single : [{ key: 't', text: 't: __typename', read: () => named.name }];
  const readOne = (whole: unknown): unknown => {
    if (Array.isArray(whole)) return whole.map(readOne);
    if (whole === null || typeof whole !== 'object') return whole;
    return Object.fromEntries(chosen.map(({ key, read }) => [key, read(whole as Record<string, unknown>)]));
  };
  return { text: `{ ${chosen.map(({ text }) => text).join(' ')} }`, read: readOne };
}
