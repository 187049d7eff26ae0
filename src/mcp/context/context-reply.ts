import type * as z from 'zod';
import { countWithin, tokensInLines, tokensOf, tokensOfItem } from '../text/budget.ts';
import { tokensIn } from '../text/estimate.ts';
import { minuteOf } from '../text/names.ts';
import { neutralize } from '../text/neutralize.ts';
import type { Reply } from '../tool.ts';
import type { Context, FollowUp, OpenCase, Salutation, Withheld } from './context-document.ts';
import { type Item, itemsOf, type Rendered, type Rendering } from './context-items.ts';
import { contextLists, type contextOutput } from './context-output.ts';
import { type Section, sections, type Wording } from './wording.ts';

type ContextReply = Reply<z.input<typeof contextOutput>>;

/** Lines that a reply always has, and the lines that it has if they fit. */
type Parts = {
  /** Lines before the items: who the customer is, how to address them, and their most pressing case. */
  head: string[];
  /** Facts of the head. */
  facts: string[];
  items: Item[];
  withheld: Withheld[];
  /** Sections of which the API has more records than the reply reads. */
  cut: ReadonlySet<Section>;
};

/** Builds the text about a customer who proved who they are. */
export function contextReply(context: Context, head: string, maxTokens: number, rendering: Rendering): ContextReply {
  const top = mostPressing(context.now.openCases ?? []);
  const { words } = rendering;
  const first = promiseBefore(top, context);
  const parts: Parts = {
    head: [...headOf(context, head, rendering), ...caseLine(context, top, first, words), ...promiseLine(first, words)],
    facts: top ? [top.id] : [],
    items: [...needsItem(context.withheld), ...itemsOf(context, top, rendering)],
    withheld: context.withheld,
    cut: new Set(context.omitted.flatMap(({ what }) => sectionOf(what) ?? [])),
  };
  return compose(context.customerId, parts, maxTokens, words);
}

/** Builds the text about someone who only claims to be a customer: how to address them, and nothing else. */
export function salutationReply(
  context: Salutation,
  head: string,
  maxTokens: number,
  rendering: Rendering,
): ContextReply {
  const withheld = [{ what: '*', reason: 'IDENTITY', needs: ['assurance: VERIFIED'] }];
  const parts = { head: headOf(context, head, rendering), facts: [], items: [], withheld, cut: new Set<Section>() };
  return compose(context.customerId, parts, maxTokens, rendering.words);
}

function headOf({ identity }: Salutation, head: string, { words, markers }: Rendering): string[] {
  const name = identity?.salutation ?? identity?.shortName ?? identity?.givenName ?? identity?.displayName ?? '';
  const shown = neutralize(name, 28).value;
  const details = [identity?.register, identity?.locale].filter(Boolean).join(' ');
  return [
    `${markers.pair} ${words.quotes}.`,
    head,
    `${words.labels.address} ${shown === '' ? words.noName : markers.around(shown)} ${details}`.trimEnd(),
  ];
}

// A promise that is due matters more than a priority.
function mostPressing(cases: OpenCase[]): OpenCase | null {
  const dueOf = ({ promise }: OpenCase) => (promise?.status === 'OPEN' && promise.dueAt) || '9999';
  return cases.reduce<OpenCase | null>((most, each) => (!most || dueOf(each) < dueOf(most) ? each : most), null);
}

/** The open promise that is due first, if it is not the one of the case. */
function promiseBefore(top: OpenCase | null, { now: { openFollowUps } }: Context): FollowUp | null {
  const first = openFollowUps?.find(({ kind }) => kind === 'PROMISE');
  if (!first) return null;
  const due = (top?.promise?.status === 'OPEN' && top.promise.dueAt) || null;
  return due === null || first.dueAt <= due ? first : null;
}

// Only the first promise is mandatory. Cases that are withheld are not missing.
function caseLine(
  { now: { openCases } }: Context,
  top: OpenCase | null,
  first: FollowUp | null,
  words: Wording,
): string[] {
  if (!openCases) return [];
  if (!top) return [`${words.labels.case}: ${words.noCase}`];
  const { number, kind, priority } = top;
  const promise = first ? null : top.promise;
  const due = promise?.dueAt ? ` ${words.due} ${minuteOf(promise.dueAt)}` : '';
  const promised = promise ? `, ${words.promise} ${promise.status}${due}` : '';
  const others = openCases.length > 1 ? ` (+${openCases.length - 1})` : '';
  return [`${words.labels.case} ${number} ${kind} ${priority}${promised}${others} [f1]`];
}

function promiseLine(first: FollowUp | null, words: Wording): string[] {
  return first ? [`${words.labels.promise} ${first.status} ${words.due} ${minuteOf(first.dueAt)}`] : [];
}

function compose(customerId: string, parts: Parts, maxTokens: number, words: Wording): ContextReply {
  const { head, withheld } = parts;
  const items = [...parts.items].sort((one, other) => positions[one.section] - positions[other.section]);
  const references = referencesOf(customerId, [...parts.facts, ...items.flatMap(({ facts }) => facts)]);
  const lines = new Map<Item, Rendered>();
  const lineOf = (item: Item): Rendered => {
    const { text, row } = item.render();
    const cited = item.facts.map((fact) => references.get(fact)).join(' ');
    return { text: `${words.labels[item.section]} ${text}${cited === '' ? '' : ` [${cited}]`}`, row };
  };
  const build = (shown: Item[], omitted: string[]): ContextReply => {
    const kept = shown.flatMap((item) => lines.get(item) ?? []);
    const cited = [...parts.facts, ...shown.flatMap(({ facts }) => facts)];
    const facts = Object.fromEntries(cited.map((fact) => [references.get(fact) ?? '', fact]));
    const text = [...head, ...kept.map((line) => line.text), ...withheldLine(withheld, words), ...omitted].join('\n');
    return { text, data: { facts, ...listsOf(kept) } };
  };
  const omittedLineOf = (left: Item[]) => omittedLine(left, parts.cut, words);

  const byRank = [...items].sort((one, other) => one.rank - other.rank);
  const frame = tokensOf(build([], [])) + tokensOfListNames;
  const count = countWithin(
    maxTokens,
    byRank,
    (item) => {
      const line = lineOf(item);
      lines.set(item, line);
      return item.facts.reduce(
        (tokens, fact) => tokens + tokensIn(fact) + tokensOfReference,
        tokensOfItem(line.text, line.row?.data),
      );
    },
    frame + tokensInLines(omittedLineOf([])),
    frame + tokensInLines(omittedLineOf(items)),
  );
  const kept = new Set(byRank.slice(0, count));
  return build(
    items.filter((item) => kept.has(item)),
    omittedLineOf(byRank.slice(count)),
  );
}

const tokensOfListNames = tokensIn(Object.keys(contextLists));
// The key of a fact, a colon and a comma.
const tokensOfReference = tokensIn('f999') + 1;

const positions = Object.fromEntries(sections.map((section, i) => [section, i])) as Record<Section, number>;

/** References of facts, in the order of the lines. They stay the same for every budget. */
function referencesOf(customerId: string, facts: string[]): ReadonlyMap<string, string> {
  const references = new Map([[customerId, 'c']]);
  for (const fact of facts) if (!references.has(fact)) references.set(fact, `f${references.size}`);
  return references;
}

function listsOf(kept: Rendered[]): Partial<Record<keyof typeof contextLists, never[]>> {
  const lists: Record<string, unknown[]> = {};
  for (const { row } of kept) {
    if (!row) continue;
    const list = lists[row.list] ?? [];
    list.push(row.data);
    lists[row.list] = list;
  }
  return lists as Partial<Record<keyof typeof contextLists, never[]>>;
}

// What would reveal the withheld sections.
function needsItem(withheld: Withheld[]): Item[] {
  const needs = [...new Set(withheld.flatMap((each) => each.needs))];
  return needs.length > 0
    ? [{ section: 'needs', rank: 1.8, facts: [], render: () => ({ text: needs.join(', ') }) }]
    : [];
}

function withheldLine(withheld: Withheld[], words: Wording): string[] {
  if (withheld.length === 0) return [];
  const reasons = [...new Set(withheld.map(({ reason }) => reason))].map((reason) => {
    const those = withheld.filter((each) => each.reason === reason);
    const names = those.map(({ what }) => (what === '*' ? '*' : (sectionName(what, words) ?? what)));
    return `${[...new Set(names)].join(', ')} (${reason})`;
  });
  return [`${words.labels.withheld} ${reasons.join('; ')}`];
}

// Tools that list what was left out.
const listTools: Partial<Record<Section, string>> = { order: 'list_orders', message: 'search_interactions' };

function omittedLine(left: Item[], cut: ReadonlySet<Section>, words: Wording): string[] {
  const countOf = (isWanted: (section: Section) => boolean) => {
    const count = left.filter(({ section }) => isWanted(section)).length;
    const isCut = [...cut].some(isWanted);
    return count > 0 || isCut ? `${count}${isCut ? '+' : ''}` : null;
  };
  const ways = [
    ...Object.entries(listTools).map(([section, tool]) => ({ tool, count: countOf((each) => each === section) })),
    { tool: words.raise, count: countOf((each) => !listTools[each]) },
  ].filter(({ count }) => count !== null);
  return ways.length === 0
    ? []
    : [`${words.labels.omitted} ${ways.map(({ count, tool }) => `${count}: ${tool}`).join('; ')}`];
}

const sectionsOfParts: Record<string, Section> = {
  value: 'value',
  'now.openCases': 'case',
  'now.openFollowUps': 'followUp',
  'history.followUps': 'followUp',
  'history.nextActions': 'gesture',
  'now.undeliveredOrders': 'undelivered',
  'now.returnsInProgress': 'return',
  'now.unansweredMessages': 'unanswered',
  'history.orders': 'order',
  'history.interactions': 'message',
  'history.purchasedProducts': 'bought',
  'history.surveyResponses': 'survey',
  'preferences.inForce': 'preference',
  'preferences.doNotUse': 'doNotUse',
  'preferences.consents': 'consent',
  'preferences.contact': 'contact',
  identity: 'name',
  gestures: 'gesture',
};

function sectionOf(part: string): Section | undefined {
  return sectionsOfParts[part];
}

function sectionName(part: string, words: Wording): string | undefined {
  const section = sectionOf(part);
  return section && words.plural[section];
}
