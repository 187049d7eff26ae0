import type { Language } from '../context/wording.ts';

type Headings = Record<'customer' | 'cases' | 'value' | 'orders' | 'contact' | 'do' | 'dont', string>;

/** Headings of the customer card. */
export const cardHeadings: Record<Language, Headings> = {
  en: {
    customer: 'Customer',
    cases: 'Open cases',
    value: 'Value',
    orders: 'Last orders',
    contact: 'Contact',
    do: 'Do',
    dont: 'Do not',
  },
  pl: {
    customer: 'Klient',
    cases: 'Otwarte sprawy',
    value: 'Wartość',
    orders: 'Ostatnie zamówienia',
    contact: 'Kontakt',
    do: 'Warto',
    dont: 'Nie wolno',
  },
  uk: {
    customer: 'Клієнт',
    cases: 'Відкриті справи',
    value: 'Цінність',
    orders: 'Останні замовлення',
    contact: 'Контакт',
    do: 'Варто',
    dont: 'Не можна',
  },
};
