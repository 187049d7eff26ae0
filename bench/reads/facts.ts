import { isDeepStrictEqual } from 'node:util';
import { decodeId } from '../../src/lib/ids.ts';

/** What an answer says, in a form that does not depend on who answered. */
export type Facts = { [name: string]: Fact };
export type Fact = string | number | boolean | null | Facts[];

/**
 * Returns the facts of an answer. A single nested object counts as part of its parent, a connection as the list of its
 * nodes, and money as a number under the name of its field, with its currency beside it. A list named `only` counts as
 * its first entry. IDs become UUIDs.
 */
export function factsOf(answer: unknown): Facts {
  return Object.fromEntries(
    isObject(answer) ? Object.entries(answer).flatMap(([name, value]) => entriesOf(name, value)) : [],
  );
}

/** Throws an error that shows the first fact in which two answers differ. */
export function mustEqual(ours: Facts, theirs: Facts, what: string): void {
  if (isDeepStrictEqual(ours, theirs)) return;
  const differing = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter(
    (name) => !isDeepStrictEqual(ours[name], theirs[name]),
  );
  for (const name of differing) {
    const [our, their] = [ours[name], theirs[name]];
    if (!Array.isArray(our) || !Array.isArray(their)) continue;
    for (const [i, fact] of our.entries()) mustEqual(fact, their[i] ?? {}, `${what}, ${name} ${i}`);
  }
  const shown = (facts: Facts) => JSON.stringify(Object.fromEntries(differing.map((name) => [name, facts[name]])));
  throw new Error(`${what}: ${shown(ours).slice(0, 1_000)} is not ${shown(theirs).slice(0, 1_000)}.`);
}

/** Whether an answer has no record, or only empty pages. */
export function isEmpty(answer: Record<string, unknown>): boolean {
  const pages = pagesIn(answer);
  return pages.length > 0 ? pages.flat().length === 0 : Object.values(answer).every((value) => value === null);
}

// The lists of an answer. An empty list of anything but records says nothing.
function pagesIn(value: unknown, isPage = false): unknown[][] {
  if (Array.isArray(value)) return isPage || value.length > 0 ? [value] : [];
  return isObject(value) ? Object.entries(value).flatMap(([name, each]) => pagesIn(each, name === 'nodes')) : [];
}

function entriesOf(name: string, value: unknown): [string, Fact][] {
  const list = isObject(value) && Array.isArray(value.nodes) ? value.nodes : value;
  if (name === 'only' && Array.isArray(list)) return Object.entries(factsOf(list[0]));
  if (Array.isArray(list)) return [[name, list.every(isObject) ? list.map(factsOf) : list.join(', ')]];
  if (!isObject(value)) return [[name, scalarOf(value)]];
  const { amount, ...rest } = value;
  return [
    ...(amount === undefined ? [] : [[name, scalarOf(amount)] satisfies [string, Fact]]),
    ...Object.entries(factsOf(rest)),
  ];
}

function scalarOf(value: unknown): Fact {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  const text = String(value);
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return new Date(text).toISOString();
  return decodeId(text)?.uuid ?? text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
