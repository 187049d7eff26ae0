import type { Row } from '../text/list-reply.ts';
import { dayOf, nameOf } from '../text/names.ts';
import type { Action } from './action-row.ts';

/** Purposes for which products are offered. The context withholds them without consent. */
export const offerPurposes = ['PERSONALISATION', 'MARKETING'];

/** Selection of what to offer to a customer, if `$offers` is true. */
export const offerFields = `value @include(if: $offers) {
  recommendations { productId title reasons { title orderId } }
  replenishments { productId title availability isDue nextExpectedAt fact { id } }
}`;

export type Offers = {
  recommendations: { productId: string; title: string; reasons: { title: string; orderId: string | null }[] }[] | null;
  replenishments: {
    productId: string;
    title: string;
    availability: string;
    isDue: boolean;
    nextExpectedAt: string;
    fact: { id: string };
  }[];
};

/** Rows for the products to offer: those that the customer needs again first, then those that go with their purchases. */
export function offerRows({ recommendations, replenishments }: Offers): Row<Action>[] {
  const undecided = { blockedBy: null, status: null };
  return [
    ...replenishments
      .filter(({ isDue, availability }) => isDue && availability !== 'UNAVAILABLE')
      .map(({ productId, title, nextExpectedAt, fact }) => ({
        line: `REPLENISH ${nameOf(title)} (${productId}) since ${dayOf(nextExpectedAt)}`,
        data: { kind: 'REPLENISH', since: nextExpectedAt, ...undecided, factIds: [fact.id], productId },
      })),
    ...(recommendations ?? []).map(({ productId, title, reasons }) => ({
      line: `RECOMMEND ${nameOf(title)} (${productId}), bought with ${reasons.map((each) => nameOf(each.title)).join(', ')}`,
      data: {
        kind: 'RECOMMEND',
        since: null,
        ...undecided,
        factIds: [...new Set(reasons.flatMap(({ orderId }) => orderId ?? []))],
        productId,
      },
    })),
  ];
}
