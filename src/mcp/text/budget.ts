import type { Reply } from '../tool.ts';
import { tokensIn } from './estimate.ts';

/** Tokens of a reply as it is sent: its text and its data, serialized. */
export function tokensOf({ text, data }: Reply): number {
  return Math.ceil(tokensIn(JSON.stringify(text)) + tokensIn(JSON.stringify(data)) + envelope);
}

// What a result has around its text and data.
const envelope = 25;

/** What an item adds to a reply: a line of text, and data. */
export function tokensOfItem(line: string, data: unknown): number {
  return tokensIn(JSON.stringify(`${line}\n`)) + tokensIn(JSON.stringify(data) ?? '') + 1;
}

/**
 * Returns how many items fit, from the first. `without` is the reply without items, with its longest notice of what was
 * left out, and `tokensOfEach` is what an item adds. More tokens never mean fewer items, so a larger budget is a superset.
 * Most replies fit as a whole, so the items are only weighed if that one does not.
 */
export function countWithin<Item>(
  maxTokens: number,
  items: readonly Item[],
  tokensOfEach: (item: Item) => number,
  without: () => number,
  whole: number,
): number {
  if (whole <= maxTokens) return items.length;
  let [count, tokens] = [0, without()];
  for (const item of items) {
    tokens += tokensOfEach(item);
    if (tokens > maxTokens) break;
    count += 1;
  }
  return Math.min(count, Math.max(0, items.length - 1));
}
