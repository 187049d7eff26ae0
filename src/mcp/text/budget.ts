import type { Reply } from '../tool.ts';
import { tokensIn } from './estimate.ts';

/** Tokens of a reply as it is sent: its text and its data, serialized. */
export function tokensOf({ text, data }: Reply): number {
  return Math.ceil(tokensIn(text) + tokensIn(data) + envelope);
}

// What a result has around its text and data.
const envelope = 25;

/** What lines add to the text of a reply. */
export function tokensInLines(lines: string[]): number {
  return lines.reduce((tokens, line) => tokens + tokensIn(line) + lineBreak, 0);
}

const lineBreak = 1;

/** What an item adds to a reply: a line of text, and data. */
export function tokensOfItem(line: string, data: unknown): number {
  return tokensInLines([line]) + tokensIn(data) + 1;
}

/**
 * Returns how many items fit, from the first. `tokensOfEach` is what an item adds. `frame` is the reply without items if
 * all are shown, and `cutFrame` the same with its longest notice of what was left out. More tokens never mean fewer
 * items, so a larger budget is a superset. Items after those that fit are not weighed.
 */
export function countWithin<Item>(
  maxTokens: number,
  items: readonly Item[],
  tokensOfEach: (item: Item) => number,
  frame: number,
  cutFrame: number,
): number {
  let [count, tokens] = [0, 0];
  for (const item of items) {
    tokens += tokensOfEach(item);
    if (frame + tokens > maxTokens) return count;
    if (cutFrame + tokens <= maxTokens) count += 1;
  }
  return items.length;
}
