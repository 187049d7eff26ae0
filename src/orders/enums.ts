import { describedEnum } from '../graphql/enums.ts';

export const SalesChannelEnum = describedEnum('SalesChannel', 'Where something was bought.', {
  WEB: 'The own online shop or app.',
  STORE: 'A shop one walks into.',
  PHONE: 'By telephone.',
  MARKETPLACE: 'Somebody else’s online marketplace.',
  SOCIAL: 'A social network.',
  OTHER: 'Anything else, or not known.',
});

export const OrderStatusEnum = describedEnum('OrderStatus', 'How far an order has got.', {
  DRAFT: 'Not placed yet; counts nowhere.',
  UNCONFIRMED: 'Placed, not yet confirmed.',
  UNFULFILLED: 'Confirmed, nothing sent yet.',
  PARTIALLY_FULFILLED: 'Some of it was sent.',
  FULFILLED: 'All of it was sent.',
  PARTIALLY_RETURNED: 'Some of it came back.',
  RETURNED: 'All of it came back.',
  CANCELED: 'Called off; counts nowhere.',
  EXPIRED: 'Never confirmed in time; counts nowhere.',
});

export const PaymentStatusEnum = describedEnum('PaymentStatus', 'What has become of the money for an order.', {
  PENDING: 'Nothing paid yet.',
  AUTHORIZED: 'Reserved, not yet taken.',
  PARTIALLY_PAID: 'Some of it paid.',
  PAID: 'All of it paid.',
  PARTIALLY_REFUNDED: 'Some of it given back.',
  REFUNDED: 'All of it given back.',
  VOIDED: 'The reservation was let go.',
});

export const PaymentKindEnum = describedEnum('PaymentKind', 'Which way money went.', {
  PAYMENT: 'From the customer.',
  REFUND: 'Back to the customer.',
});

export const FulfillmentStatusEnum = describedEnum('FulfillmentStatus', 'How far a shipment has got.', {
  PENDING: 'Being packed.',
  IN_TRANSIT: 'On its way.',
  DELIVERED: 'With the customer.',
  FAILED: 'Could not be delivered.',
  CANCELED: 'Called off.',
});

export const ReturnKindEnum = describedEnum('ReturnKind', 'What the customer wants for what comes back.', {
  RETURN: 'The money.',
  EXCHANGE: 'Something else in its place.',
});

export const ReturnStatusEnum = describedEnum('ReturnStatus', 'How far a return has got.', {
  REQUESTED: 'Asked for.',
  APPROVED: 'Agreed to; the goods are not back yet.',
  RECEIVED: 'The goods are back; counts in the statistics from here on.',
  COMPLETED: 'Settled.',
  REJECTED: 'Refused.',
});
