import { describedEnum } from '../graphql/enums/described-enum.ts';

export const SalesChannelEnum = describedEnum('SalesChannel', 'Channel an order was placed through.', {
  WEB: 'Your own online shop or app.',
  STORE: 'Physical shop or branch.',
  PHONE: 'Order placed by phone.',
  MARKETPLACE: 'Online marketplace run by a third party.',
  SOCIAL: 'Shop on a social network.',
  OTHER: 'Any other channel, or an unknown one.',
});

export const OrderStatusEnum = describedEnum('OrderStatus', 'Progress of an order, from draft to returned.', {
  DRAFT: 'The order is not placed yet. Excluded from statistics and purchased products.',
  UNCONFIRMED: 'The order is placed but not confirmed yet.',
  UNFULFILLED: 'The order is confirmed, and nothing has shipped yet.',
  PARTIALLY_FULFILLED: 'Some of the goods have shipped.',
  FULFILLED: 'All of the goods have shipped.',
  PARTIALLY_RETURNED: 'Some of the goods were returned.',
  RETURNED: 'All of the goods were returned.',
  CANCELED: 'The order was canceled. Excluded from statistics and purchased products.',
  EXPIRED: 'The order was not confirmed in time. Excluded from statistics and purchased products.',
});

export const PaymentStatusEnum = describedEnum('PaymentStatus', 'Payment status of an order.', {
  PENDING: 'Nothing has been paid yet.',
  AUTHORIZED: 'The amount is reserved but not captured yet.',
  PARTIALLY_PAID: 'Part of the total has been paid.',
  PAID: 'The total has been paid in full.',
  PARTIALLY_REFUNDED: 'Part of the amount paid has been refunded.',
  REFUNDED: 'All of the amount paid has been refunded.',
  VOIDED: 'The authorization was released without a capture.',
});

export const PaymentMethodKindEnum = describedEnum(
  'PaymentMethodKind',
  'Kind of payment method, which says who holds the money.',
  {
    GIFT_CARD: 'Card with a prepaid balance to spend with you.',
    STORE_CREDIT: 'Credit that you owe the customer, with a balance.',
    CREDIT_CARD: 'Card that is billed later by a bank.',
    DEBIT_CARD: 'Card that charges a bank account at once.',
    PAYPAL: 'PayPal account of the customer.',
    WALLET: 'Any other digital wallet.',
    BANK_TRANSFER: 'Bank transfer or direct debit.',
    CASH: 'Cash, also on delivery.',
    OTHER: 'Any other payment method.',
  },
);

export const PaymentKindEnum = describedEnum('PaymentKind', 'Direction of a payment: from or to the customer.', {
  PAYMENT: 'Money received from the customer.',
  REFUND: 'Money paid back to the customer.',
});

export const FulfillmentStatusEnum = describedEnum('FulfillmentStatus', 'Delivery status of a shipment.', {
  PENDING: 'The shipment is being packed.',
  IN_TRANSIT: 'The shipment is on its way.',
  DELIVERED: 'The customer has received the shipment.',
  FAILED: 'The shipment could not be delivered.',
  CANCELED: 'The shipment was canceled.',
});

export const ReturnKindEnum = describedEnum('ReturnKind', 'Compensation the customer wants for returned goods.', {
  RETURN: 'The customer wants a refund.',
  EXCHANGE: 'The customer wants a replacement.',
});

export const ReturnStatusEnum = describedEnum('ReturnStatus', 'Progress of a return, from request to settlement.', {
  REQUESTED: 'The customer has requested the return.',
  APPROVED: 'The return is approved, but the goods are not back yet.',
  RECEIVED: 'The goods have been received. From then on, the return counts in statistics.',
  COMPLETED: 'The return is settled. It still counts in statistics.',
  REJECTED: 'The return was refused.',
});
