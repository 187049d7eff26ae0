import { OrderAction } from '../src/db/generated/prisma/enums.ts';
import { encodeId } from '../src/lib/ids.ts';
import { amount } from '../src/lib/money.ts';
import { otherVariant, type Retail, type RetailOrder, type RetailStatus } from './order-actions.ts';

const allOf = ({ lines }: RetailOrder) => lines.map(({ id }) => ({ line: encodeId('OrderLine', id) }));
let streets = 0;
const address = () => ({
  lines: [`${++streets} Main Street`],
  city: 'Boston',
  region: 'MA',
  postalCode: '02101',
  countryCode: 'US',
});

/** A valid input of each action, which only the order itself can make inadmissible. */
export const valid: Record<OrderAction, (order: RetailOrder, retail: Retail) => Promise<object>> = {
  CANCEL: async () => ({ reason: 'no longer needed' }),
  CHANGE_SHIPPING_ADDRESS: async () => ({ shippingAddress: address() }),
  CHANGE_PAYMENT_METHOD: async (order, retail) => ({
    paymentMethod: await retail.method(order, { kind: 'CREDIT_CARD' }),
  }),
  CHANGE_ITEMS: async (order, retail) => ({
    items: [otherVariant(order, true).item],
    paymentMethod: await retail.method(order, { kind: 'CREDIT_CARD', brand: 'visa' }),
  }),
  REQUEST_RETURN: async (order) => ({ items: allOf(order) }),
  REQUEST_EXCHANGE: async (order, retail) => ({
    items: [otherVariant(order, true).item],
    paymentMethod: await retail.method(order, { kind: 'CREDIT_CARD', brand: 'visa' }),
  }),
};

const before = ['CANCEL', 'CHANGE_SHIPPING_ADDRESS', 'CHANGE_PAYMENT_METHOD', 'CHANGE_ITEMS'] as const;
const after = ['REQUEST_RETURN', 'REQUEST_EXCHANGE'] as const;
export const ofStatus: Record<RetailStatus, Partial<Record<OrderAction, string>>> = {
  pending: { REQUEST_RETURN: 'STATUS', REQUEST_EXCHANGE: 'STATUS' },
  processed: {
    ...Object.fromEntries(before.map((action) => [action, 'STATUS'])),
    ...Object.fromEntries(after.map((action) => [action, 'NOT_DELIVERED'])),
  },
  delivered: Object.fromEntries(before.map((action) => [action, 'STATUS'])),
  cancelled: Object.fromEntries(Object.values(OrderAction).map((action) => [action, 'STATUS'])),
};

export type Case = {
  what: string;
  action: OrderAction;
  status: RetailStatus;
  paidWith?: string;
  /** Actions taken before. */
  taken?: OrderAction[];
  input?: (order: RetailOrder, retail: Retail) => Promise<object> | object;
  /** The refusal. Undefined if the action is allowed. */
  refusal?: string | undefined;
};

const byStatus: Case[] = Object.entries(ofStatus).flatMap(([status, refusals]) =>
  Object.values(OrderAction).map((action) => ({
    what: 'valid input',
    status: status as RetailStatus,
    action,
    refusal: refusals[action],
  })),
);

const paidWith: Case[] = ['credit_card', 'paypal', 'gift_card'].flatMap((method) =>
  [...before, ...after].map((action) => ({
    what: `paid with ${method}`,
    status: action.startsWith('REQUEST') ? ('delivered' as const) : ('pending' as const),
    action,
    paidWith: method,
  })),
);

const reasons: Case[] = [
  ['no longer needed', undefined],
  ['ordered by mistake', undefined],
  ['found it cheaper', 'REASON_NOT_ALLOWED'],
  ['No longer needed', 'REASON_NOT_ALLOWED'],
  [null, 'REASON_REQUIRED'],
].map(([reason, refusal]) => ({
  what: `reason ${reason}`,
  status: 'pending',
  action: 'CANCEL',
  input: () => ({ reason }),
  refusal: refusal ?? undefined,
}));

// An action after another one. Items may change once and then nothing else; a return or exchange is requested once.
const twice: Case[] = [
  ...before.map(
    (action): Case => ({
      what: 'after the items changed',
      status: 'pending',
      action,
      taken: ['CHANGE_ITEMS'],
      refusal: 'ALREADY_CHANGED',
    }),
  ),
  ...before.slice(0, 2).map(
    (action): Case => ({
      what: 'after the address and the payment method changed',
      status: 'pending',
      action,
      taken: ['CHANGE_SHIPPING_ADDRESS', 'CHANGE_PAYMENT_METHOD'],
    }),
  ),
  {
    what: 'after the address and the payment method changed',
    status: 'pending',
    action: 'CHANGE_ITEMS',
    taken: ['CHANGE_SHIPPING_ADDRESS', 'CHANGE_PAYMENT_METHOD'],
  },
  {
    what: 'a second time',
    status: 'pending',
    action: 'CHANGE_PAYMENT_METHOD',
    taken: ['CHANGE_PAYMENT_METHOD'],
    refusal: 'ALREADY_CHANGED',
  },
  { what: 'after it was cancelled', status: 'pending', action: 'CANCEL', taken: ['CANCEL'], refusal: 'STATUS' },
  ...after.flatMap((action) =>
    after.map(
      (earlier): Case => ({
        what: `after ${earlier}`,
        status: 'delivered',
        action,
        taken: [earlier],
        refusal: 'ALREADY_CHANGED',
      }),
    ),
  ),
];

const total = (order: RetailOrder) => amount(order.total);
const cents = (value: { toFixed(places: number): string }) => value.toFixed(2);
const exchanges = ['CHANGE_ITEMS', 'REQUEST_EXCHANGE'] as const;
const statusFor = (action: OrderAction): RetailStatus => (action === 'REQUEST_EXCHANGE' ? 'delivered' : 'pending');

// A variant that costs more than the line, or less.
function priced(order: RetailOrder, isMore: boolean) {
  for (const line of order.lines)
    for (const variant of line.product?.variants ?? []) {
      const difference = amount(variant.priceAmount ?? 0).minus(amount(line.unitPrice));
      if (!variant.isAvailable || difference.isZero() || difference.gt(0) !== isMore) continue;
      const item = { line: encodeId('OrderLine', line.id), variant: encodeId('ProductVariant', variant.id) };
      return { item, difference: difference.abs() };
    }
  throw new Error('No variant has such a price.');
}

const balances: Case[] = [
  {
    what: 'gift card that covers exactly the total',
    status: 'pending',
    action: 'CHANGE_PAYMENT_METHOD',
    input: async (order, retail) => ({ paymentMethod: await retail.giftCard(order, cents(total(order))) }),
  },
  {
    what: 'gift card a cent short of the total',
    status: 'pending',
    action: 'CHANGE_PAYMENT_METHOD',
    input: async (order, retail) => ({
      paymentMethod: await retail.giftCard(order, cents(total(order).minus('0.01'))),
    }),
    refusal: 'INSUFFICIENT_BALANCE',
  },
  {
    what: 'gift card in another currency',
    status: 'pending',
    action: 'CHANGE_PAYMENT_METHOD',
    input: async (order, retail) => ({ paymentMethod: await retail.giftCard(order, '9999', 'PLN') }),
    refusal: 'OTHER_CURRENCY',
  },
  {
    what: 'inactive card',
    status: 'pending',
    action: 'CHANGE_PAYMENT_METHOD',
    input: async (order, retail) => ({
      paymentMethod: await retail.method(order, { kind: 'CREDIT_CARD', isActive: false }),
    }),
    refusal: 'METHOD_NOT_ALLOWED',
  },
  {
    what: 'the original payment method',
    status: 'pending',
    action: 'CHANGE_PAYMENT_METHOD',
    input: (order) => ({ paymentMethod: { id: encodeId('PaymentMethod', order.payments[0]?.paymentMethodId ?? '') } }),
    refusal: 'SAME_METHOD',
  },
  ...exchanges.flatMap((action): Case[] => [
    {
      what: 'gift card that covers exactly the difference',
      status: statusFor(action),
      action,
      input: async (order, retail) => {
        const { item, difference } = priced(order, true);
        return { items: [item], paymentMethod: await retail.giftCard(order, cents(difference)) };
      },
    },
    {
      what: 'gift card a cent short of the difference',
      status: statusFor(action),
      action,
      input: async (order, retail) => {
        const { item, difference } = priced(order, true);
        return { items: [item], paymentMethod: await retail.giftCard(order, cents(difference.minus('0.01'))) };
      },
      refusal: 'INSUFFICIENT_BALANCE',
    },
    {
      what: 'empty gift card for a cheaper variant',
      status: statusFor(action),
      action,
      input: async (order, retail) => ({
        items: [priced(order, false).item],
        paymentMethod: await retail.giftCard(order, '0'),
      }),
    },
    {
      what: 'no payment method for the difference',
      status: statusFor(action),
      action,
      input: (order) => ({ items: [priced(order, true).item] }),
      refusal: 'METHOD_REQUIRED',
    },
    {
      what: 'a variant that is not available',
      status: statusFor(action),
      action,
      input: (order) => ({ items: [unavailable(order)] }),
      refusal: 'UNAVAILABLE',
    },
    {
      what: 'the same variant',
      status: statusFor(action),
      action,
      input: ({ lines: [line] }) => ({
        items: [
          { line: encodeId('OrderLine', line?.id ?? ''), variant: encodeId('ProductVariant', line?.variantId ?? '') },
        ],
      }),
      refusal: 'SAME_VARIANT',
    },
    {
      what: 'another product',
      status: statusFor(action),
      action,
      input: async (order, retail) => ({
        items: [{ ...allOf(order)[0], variant: await retail.variantOfOther(order) }],
      }),
      refusal: 'OTHER_PRODUCT',
    },
    {
      what: 'more units than were bought',
      status: statusFor(action),
      action,
      input: (order) => ({ items: [{ ...otherVariant(order, true).item, quantity: 2 }] }),
      refusal: 'NOTHING_LEFT',
    },
  ]),
];

function unavailable(order: RetailOrder) {
  const at = order.lines.findIndex(({ product }) => product?.variants.some(({ isAvailable }) => !isAvailable));
  return otherVariant(order, false, at).item;
}

const refunds: Case[] = [
  ['the original payment method', (order: RetailOrder) => order.payments[0]?.paymentMethodId, undefined],
  ['an existing gift card', async (order: RetailOrder, retail: Retail) => retail.giftCard(order, '0'), undefined],
  [
    'another credit card',
    async (order: RetailOrder, retail: Retail) => retail.method(order, { kind: 'CREDIT_CARD' }),
    'METHOD_NOT_ALLOWED',
  ],
  ['a PayPal account', async (order: RetailOrder, retail: Retail) => retail.paypal(order), 'METHOD_NOT_ALLOWED'],
].map(([what, find, refusal]) => ({
  what: `refund to ${what}`,
  status: 'delivered',
  action: 'REQUEST_RETURN',
  input: async (order, retail) => {
    const found = await (find as (order: RetailOrder, retail: Retail) => unknown)(order, retail);
    return {
      items: allOf(order),
      paymentMethod: typeof found === 'string' ? { id: encodeId('PaymentMethod', found) } : found,
    };
  },
  refusal: refusal as string | undefined,
}));

/** What the policy of tau-retail says, case by case. */
export const cases = [...byStatus, ...paidWith, ...reasons, ...twice, ...balances, ...refunds];
