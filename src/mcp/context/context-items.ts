import type * as z from 'zod';
import { type InteractionRow, interactionRow } from '../interactions/interaction-row.ts';
import { orderData, type orderOutput } from '../orders/order-row.ts';
import { type Markers, untrusted } from '../text/markers.ts';
import { amountOf, codeOf, dayOf, minuteOf, nameOf } from '../text/names.ts';
import { harmlessJson } from '../text/neutralize.ts';
import type { Context, FollowUp, OpenCase, PaidOrder } from './context-document.ts';
import type { contextLists } from './context-output.ts';
import type { Section, Wording } from './wording.ts';

type Lists = { [Name in keyof typeof contextLists]: z.input<(typeof contextLists)[Name]>[number] };

/** Something that the text says or leaves out as a whole, and the facts behind it. */
export type Item = {
  section: Section;
  /** Items of lower rank are kept first. Within a section, ranks rise from the newest item to the oldest. */
  rank: number;
  facts: string[];
  /** Renders the item. That is most of the work for a reply, so items that cannot fit are never rendered. */
  render: () => Rendered;
};

/** Text of an item, and the same as data if the reply has lists. */
export type Rendered = {
  text: string;
  row?: { [Name in keyof Lists]: { list: Name; data: Lists[Name] } }[keyof Lists] | undefined;
};

export type Rendering = { words: Wording; markers: Markers; isDetailed: boolean };

/** Returns everything that the text may say, besides its mandatory lines. */
export function itemsOf(context: Context, top: OpenCase | null, rendering: Rendering): Item[] {
  const { now, history, preferences } = context;
  const { words } = rendering;
  const orders = history.orders ?? [];
  const late = (now.undeliveredOrders ?? []).filter(({ id }) => orders.every((order) => order.id !== id));
  return [
    ...nameItem(context, rendering),
    ...(top ? [caseItem(top, 1, rendering)] : []),
    ...(now.openCases ?? []).filter((each) => each !== top).map((each, i) => caseItem(each, 2.2 + i, rendering)),
    ...contactItem(context, rendering),
    ...(now.openFollowUps ?? []).map((each, i) => followUpItem(each, 1.1 + i * 0.7, rendering)),
    ...(preferences.doNotUse ?? []).map(({ id, key, value }, i) =>
      item('doNotUse', 1.6 + i / 10, [id], () => `${codeOf(key)}: ${quotedValue(value, rendering)}`),
    ),
    ...(now.unansweredMessages ?? []).map((each, i) => messageItem('unanswered', 2 + i, each, rendering)),
    ...(context.gestures ?? []).map(({ kind, since, suppressedBy, status, factIds }, i) =>
      item('gesture', 2.6 + i / 2, factIds.slice(0, 3), () => {
        const heldBack = suppressedBy ? `, ${words.heldBack}: ${suppressedBy}` : '';
        return `${kind} ${dayOf(since)}${status ? ` ${status}` : ''}${heldBack}`;
      }),
    ),
    ...valueItems(context, rendering),
    ...(now.returnsInProgress ?? []).map(({ id, kind, status, occurredAt }, i) =>
      item('return', 2.8 + i, [id], () => `${kind} ${status} ${dayOf(occurredAt)}`),
    ),
    ...late.map((each, i) => orderItem('undelivered', 2.9 + i, each, rendering)),
    ...orders.map((each, i) => orderItem('order', 3 + i, each, rendering)),
    ...(preferences.inForce ?? []).map((each, i) => preferenceItem(each, 3.2 + i * 0.6, rendering)),
    ...(context.unknown.length > 0 ? [item('unknown', 2.4, [], () => context.unknown.join(', '))] : []),
    ...(preferences.consents ?? []).map(({ id, channel, purpose, status }, i) =>
      item('consent', 5 + i, [id], () => `${channel} ${purpose} ${status}`),
    ),
    ...(history.interactions ?? [])
      .filter(({ id }) => (now.unansweredMessages ?? []).every((each) => each.id !== id))
      .map((each, i) => messageItem('message', 4 + i, each, rendering)),
    ...(history.purchasedProducts ?? []).map(({ product, timesBought, lastBoughtAt, fact }, i) =>
      item(
        'bought',
        5.5 + i,
        [fact.id],
        () => `${nameOf(product.title)}, ${timesBought} ${words.times}, ${words.last} ${dayOf(lastBoughtAt)}`,
      ),
    ),
    ...(history.surveyResponses ?? []).map(({ id, kind, rating, comment, respondedAt }, i) =>
      item('survey', 6 + i, [id], () => {
        const said = untrusted(comment, 'CUSTOMER', id, lengthOf(rendering));
        const quoted = said ? ` ${rendering.markers.around(said.value)}` : '';
        return `${kind} ${rating ?? '?'} ${dayOf(respondedAt)}${quoted}`;
      }),
    ),
  ];
}

function item(section: Section, rank: number, facts: string[], textOf: () => string): Item {
  return { section, rank, facts, render: () => ({ text: textOf() }) };
}

/** Longest quotation. */
function lengthOf({ isDetailed }: Rendering): number {
  return isDetailed ? 600 : 160;
}

function nameItem({ customerId, identity, at }: Context, { markers }: Rendering): Item[] {
  if (!identity) return [];
  const local = identity.localTime ? `, ${identity.localTime.slice(0, 16).replace('T', ' ')} local` : '';
  const text = () => `${markers.around(nameOf(identity.displayName))}, ${minuteOf(at)}${local}`;
  return [item('name', 0.5, [customerId], text)];
}

function caseItem(of: OpenCase, rank: number, rendering: Rendering): Item {
  return { section: 'case', rank, facts: [of.id], render: () => renderCase(of, rendering) };
}

function renderCase(
  { id, number, kind, status, priority, subject, promise }: OpenCase,
  { markers, words, isDetailed }: Rendering,
): Rendered {
  const about = untrusted(subject, 'UNKNOWN', id, 120);
  const promised = untrusted(promise?.text, 'STAFF', id, 160);
  const texts = [
    `${number} ${kind} ${status} ${priority}`,
    about && markers.around(about.value),
    promise && `${words.promise} ${promise.status}${promise.dueAt ? ` ${words.due} ${minuteOf(promise.dueAt)}` : ''}`,
    promised && markers.around(promised.value),
  ];
  const text = texts.filter(Boolean).join(', ');
  if (!isDetailed) return { text };
  const data = {
    caseId: id,
    number,
    kind,
    status,
    priority,
    subject: about,
    promise: promise && { status: promise.status, dueAt: promise.dueAt, text: promised },
  };
  return { text, row: { list: 'cases', data } };
}

function followUpItem({ id, kind, status, text, dueAt, channel }: FollowUp, rank: number, rendering: Rendering): Item {
  const { markers, words } = rendering;
  return item('followUp', rank, [id], () => {
    const said = untrusted(text, 'STAFF', id, 160);
    const state = [words[kind === 'PROMISE' ? 'promise' : 'followUp'], status, channel].filter(Boolean).join(' ');
    const quoted = said ? `, ${markers.around(said.value)}` : '';
    return `${state} ${words.due} ${minuteOf(dueAt)}${quoted}`;
  });
}

function contactItem({ preferences: { contact } }: Context, { words }: Rendering): Item[] {
  if (!contact) return [];
  const { isAllowedNow, nextAllowedAt, reason } = contact;
  const later = nextAllowedAt ? `${words.notBefore} ${minuteOf(nextAllowedAt)}` : words.notAllowed;
  return [item('contact', 1.5, [], () => `${isAllowedNow ? words.allowedNow : later} (${reason})`)];
}

function valueItems({ value }: Context, { words }: Rendering): Item[] {
  if (!value) return [];
  const { statistics, rfm, rhythm, prediction } = value;
  return [
    ...statistics.map(({ numberOfOrders, amountSpent, lastOrderAt, fact }, i) =>
      item(
        'value',
        2.5 + i,
        [fact.id],
        () => `${numberOfOrders} ${words.orders}, ${amountOf(amountSpent)}, ${words.last} ${dayOf(lastOrderAt)}`,
      ),
    ),
    // Orders of a single day show no rhythm.
    ...(rhythm && rhythm.meanIntervalDays >= 0.5
      ? [item('value', 3.4, [rhythm.fact.id], () => rhythmText(rhythm, words))]
      : []),
    ...(prediction.expectedPurchases === null
      ? []
      : [item('value', 3.5, [prediction.fact.id], () => predictionText(prediction, words))]),
    item(
      'value',
      3.6,
      [rfm.fact.id],
      () => `RFM ${rfm.recencyScore}-${rfm.frequencyScore}-${rfm.monetaryScore} ${rfm.group}`,
    ),
  ];
}

function rhythmText(rhythm: NonNullable<NonNullable<Context['value']>['rhythm']>, words: Wording): string {
  const { meanIntervalDays, deviationDays, nextOrderExpectedAt, isOverdue } = rhythm;
  const interval = `${words.every} ${Math.round(meanIntervalDays)}±${Math.round(deviationDays)} ${words.days}`;
  return `${interval}, ${words.nextOrder} ${dayOf(nextOrderExpectedAt)}${isOverdue ? `, ${words.overdue}` : ''}`;
}

function predictionText(prediction: NonNullable<Context['value']>['prediction'], words: Wording): string {
  const { expectedPurchases, expectedValue, probabilityActive } = prediction;
  const value = expectedValue ? `, ${amountOf(expectedValue)}` : '';
  const active = `${words.stillBuys} ${Math.round(100 * (probabilityActive ?? 0))}%`;
  return `${words.within12Months}: ${words.purchases} ${(expectedPurchases ?? 0).toFixed(1)}${value}, ${active}`;
}

function orderItem(section: Section, rank: number, order: PaidOrder, rendering: Rendering): Item {
  return { section, rank, facts: [order.id], render: () => renderOrder(order, rendering) };
}

function renderOrder(order: PaidOrder, { words, isDetailed }: Rendering): Rendered {
  const { number, placedAt, status, paymentStatus, total, lines, payments } = order;
  const shown = isDetailed ? lines.nodes : lines.nodes.slice(0, 6);
  const goods = shown.map(({ title, quantity, unitPrice }) =>
    [nameOf(title), ...(quantity === 1 ? [] : [`x${quantity}`]), ...(isDetailed ? [unitPrice.amount] : [])].join(' '),
  );
  const left = lines.nodes.length - shown.length;
  const paid = (payments?.nodes ?? []).map(({ kind, method, amount }) => `${kind} ${codeOf(method)} ${amount.amount}`);
  const text = [
    `${codeOf(number)} ${dayOf(placedAt)} ${status} ${paymentStatus} ${amountOf(total)}: ${goods.join(', ')}`,
    ...(left > 0 ? [`+${left} ${words.moreItems}`] : []),
    ...(paid.length > 0 ? [`${words.paid}: ${paid.join(', ')}`] : []),
  ].join('; ');
  return { text, row: isDetailed ? { list: 'orders', data: orderRowOf(order) } : undefined };
}

function orderRowOf(order: PaidOrder): z.input<typeof orderOutput> {
  const payments = (order.payments?.nodes ?? []).map(({ kind, method, amount }) => ({
    kind,
    method: codeOf(method),
    amount,
  }));
  return { ...orderData(order, true), ...(payments.length > 0 && { payments }) };
}

function messageItem(section: Section, rank: number, message: InteractionRow, rendering: Rendering): Item {
  const { markers, words, isDetailed } = rendering;
  const render = (): Rendered => {
    const { line, data } = interactionRow(message, { most: lengthOf(rendering), markers, nothing: words.nothing });
    return { text: line, row: isDetailed ? { list: 'interactions', data } : undefined };
  };
  return { section, rank, facts: [message.id], render };
}

function preferenceItem(
  { id, key, value, origin, confidence }: NonNullable<Context['preferences']['inForce']>[number],
  rank: number,
  rendering: Rendering,
): Item {
  const render = (): Rendered => {
    const text = `${codeOf(key)}: ${quotedValue(value, rendering)} ${origin} ${confidence}`;
    if (!rendering.isDetailed) return { text };
    const data = { preferenceId: id, key: codeOf(key), value: harmlessJson(value, 200), origin, confidence };
    return { text, row: { list: 'preferences', data } };
  };
  return { section: 'preference', rank, facts: [id], render };
}

// Customers state preferences in their own words.
function quotedValue(value: unknown, { markers }: Rendering): string {
  const harmless = harmlessJson(value, 120);
  return typeof harmless === 'string' ? markers.around(harmless) : markers.around(JSON.stringify(harmless));
}
