import { describedEnum } from './described-enum.ts';

export const PurposeEnum = describedEnum('Purpose', 'Purpose for which personal data is read.', {
  SUPPORT: 'Helping a customer with a request.',
  ORDER_FULFILMENT: 'Delivering products that a customer bought.',
  PERSONALISATION: 'Tailoring communication to the customer.',
  MARKETING: 'Promoting and selling products to the customer.',
  ANALYTICS: 'Analyzing the data of many customers.',
});
