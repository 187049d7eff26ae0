import type { z } from 'zod';
import { type InteractionRow, interactionRow } from '../interactions/interaction-row.ts';
import { orderData, type orderOutput } from '../orders/order-row.ts';
import { type Markers, untrusted } from '../text/markers.ts';
import { amountOf, codeOf, dayOf, minuteOf, nameOf } from '../text/names.ts';
import { harmlessJson } from '../text/neutralize.ts';
import type { Context, FollowUp, OpenCase, PaidOrder } from './context-document.ts';
import type { contextLists } from './context-output.ts';
import type { Section, Wording } from './wording.ts';

type Lists = { [Name in keyof typeof contextLists]: z.input<(typeof contextLists)[Name]>[number] };

/** Something that the text says or leaves out as a whole, the facts behind it, and the same as data. */
export type Item = {
  section: Section;
  /** Items of lower rank are kept first. Within a section, ranks rise from the newest item to the oldest. */
  rank: number;
  text: string;
  facts: string[];
  row?: { [Name in keyof Lists]: { list: Name; data: Lists[Name] } }[keyof Lists];
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
      item('doNotUse', 1.6 + i / 10, `${codeOf(key)}: ${quotedValue(value, rendering)}`, [id]),
    ),
    ...(now.unansweredMessages ?? []).map((each, i) => messageItem('unanswered', 2 + i, each, rendering)),
    ...(context.gestures ?? []).map(({ kind, since, suppressedBy, status, factIds }, i) =>
      item(
        'gesture',
        2.6 + i / 2,
        `${kind} ${dayOf(since)}${status ? ` ${status}` : ''}${suppressedBy ? `, ${words.heldBack}: ${suppressedBy}` : ''}`,
        factIds.slice(0, 3),
      ),
    ),
    ...valueItems(context, rendering),
    ...(now.returnsInProgress ?? []).map(({ id, kind, status, occurredAt }, i) =>
      item('return', 2.8 + i, `${kind} ${status} ${dayOf(occurredAt)}`, [id]),
    ),
    ...late.map((each, i) => orderItem('undelivered', 2.9 + i, each, rendering)),
    ...orders.map((each, i) => orderItem('order', 3 + i, each, rendering)),
    ...(preferences.inForce ?? []).map((each, i) => preferenceItem(each, 3.2 + i * 0.6, rendering)),
    ...(context.unknown.length > 0 ? [item('unknown', 2.4, context.unknown.join(', '), [])] : []),
    ...(preferences.consents ?? []).map(({ id, channel, purpose, status }, i) =>
      item('consent', 5 + i, `${channel} ${purpose} ${status}`, [id]),
    ),
    ...(history.interactions ?? [])
      .filter(({ id }) => (now.unansweredMessages ?? []).every((each) => each.id !== id))
      .map((each, i) => messageItem('message', 4 + i, each, rendering)),
    ...(history.purchasedProducts ?? []).map(({ product, timesBought, lastBoughtAt, fact }, i) =>
      item(
        'bought',
        5.5 + i,
        `${nameOf(product.title)}, ${timesBought} ${words.times}, ${words.last} ${dayOf(lastBoughtAt)}`,
        [fact.id],
      ),
    ),
    ...(history.surveyResponses ?? []).map(({ id, kind, rating, comment, respondedAt }, i) => {
      const said = untrusted(comment, 'CUSTOMER', id, lengthOf(rendering));
      const quoted = said ? ` ${rendering.markers.around(said.value)}` : '';
      return item('survey', 6 + i, `${kind} ${rating ?? '?'} ${dayOf(respondedAt)}${quoted}`, [id]);
    }),
  ];
}

function item(section: Section, rank: number, text: string, facts: string[], row?: Item['row']): Item {
  return { section, rank, text, facts, ...(row && { row }) };
}

/** Longest quotation. */
function lengthOf({ isDetailed }: Rendering): number {
  return isDetailed ? 600 : 160;
}

function nameItem({ customerId, identity, at }: Context, { markers }: Rendering): Item[] {
  if (!identity) return [];
  const local = identity.localTime ? `, ${identity.localTime.slice(0, 16).replace('T', ' ')} local` : '';
  return [item('name', 0.5, `${markers.around(nameOf(identity.displayName))}, ${minuteOf(at)}${local}`, [customerId])];
}

function caseItem(
  { id, number, kind, status, priority, subject, promise }: OpenCase,
  rank: number,
  rendering: Rendering,
) {
  const { markers, words, isDetailed } = rendering;
  const about = untrusted(subject, 'UNKNOWN', id, 120);
  const promised = untrusted(promise?.text, 'STAFF', id, 160);
  const texts = [
    `${number} ${kind} ${status} ${priority}`,
    about && markers.around(about.value),
    promise && `${words.promise} ${promise.status}${promise.dueAt ? ` ${words.due} ${minuteOf(promise.dueAt)}` : ''}`,
    promised && markers.around(promised.value),
  ];
  const data = {
    caseId: id,
    number,
    kind,
    status,
    priority,
    subject: about,
    promise: promise && { status: promise.status, dueAt: promise.dueAt, text: promised },
  };
  return item('case', rank, texts.filter(Boolean).join(', '), [id], isDetailed ? { list: 'cases', data } : undefined);
}

function followUpItem({ id, kind, status, text, dueAt, channel }: FollowUp, rank: number, rendering: Rendering): Item {
  const { markers, words } = rendering;
  const said = untrusted(text, 'STAFF', id, 160);
  const state = [words[kind === 'PROMISE' ? 'promise' : 'followUp'], status, channel].filter(Boolean).join(' ');
  const quoted = said ? `, ${markers.around(said.value)}` : '';
  return item('followUp', rank, `${state} ${words.due} ${minuteOf(dueAt)}${quoted}`, [id]);
}

function contactItem({ preferences: { contact } }: Context, { words }: Rendering): Item[] {
  if (!contact) return [];
  const { isAllowedNow, nextAllowedAt, reason } = contact;
  const later = nextAllowedAt ? `${words.notBefore} ${minuteOf(nextAllowedAt)}` : words.notAllowed;
  return [item('contact', 1.5, `${isAllowedNow ? words.allowedNow : later} (${reason})`, [])];
}

function valueItems({ value }: Context, { words }: Rendering): Item[] {
  if (!value) return [];
  const { statistics, rfm, rhythm, prediction } = value;
  return [
    ...statistics.map(({ numberOfOrders, amountSpent, lastOrderAt, fact }, i) =>
      item(
        'value',
        2.5 + i,
        `${numberOfOrders} ${words.orders}, ${amountOf(amountSpent)}, ${words.last} ${dayOf(lastOrderAt)}`,
        [fact.id],
      ),
    ),
    // Orders of a single day show no rhythm.
    ...(rhythm && rhythm.meanIntervalDays >= 0.5
      ? [item('value', 3.4, rhythmText(rhythm, words), [rhythm.fact.id])]
      : []),
    ...(prediction.expectedPurchases === null
      ? []
      : [item('value', 3.5, predictionText(prediction, words), [prediction.fact.id])]),
    item('value', 3.6, `RFM ${rfm.recencyScore}-${rfm.frequencyScore}-${rfm.monetaryScore} ${rfm.group}`, [
      rfm.fact.id,
    ]),
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

function orderItem(section: Section, rank: number, order: PaidOrder, { words, isDetailed }: Rendering): Item {
  const { id, number, placedAt, status, paymentStatus, total, lines, payments } = order;
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
  return item(section, rank, text, [id], isDetailed ? { list: 'orders', data: orderRowOf(order) } : undefined);
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
  const { line, data } = interactionRow(message, { most: lengthOf(rendering), markers, nothing: words.nothing });
  return item(section, rank, line, [message.id], isDetailed ? { list: 'interactions', data } : undefined);
}

function preferenceItem(
  { id, key, value, origin, confidence }: NonNullable<Context['preferences']['inForce']>[number],
  rank: number,
  rendering: Rendering,
): Item {
  const text = `${codeOf(key)}: ${quotedValue(value, rendering)} ${origin} ${confidence}`;
  const data = { preferenceId: id, key: codeOf(key), value: harmlessJson(value, 200), origin, confidence };
  return item('preference', rank, text, [id], rendering.isDetailed ? { list: 'preferences', data } : undefined);
}

// Customers state preferences in their own words.
function quotedValue(value: unknown, { markers }: Rendering): string {
  const harmless = harmlessJson(value, 120);
  return typeof harmless === 'string' ? markers.around(harmless) : markers.around(JSON.stringify(harmless));
}
