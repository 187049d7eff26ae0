import { describedEnum } from '../graphql/enums/described-enum.ts';

export const CustomerStatusEnum = describedEnum('CustomerStatus', 'Lifecycle status of a customer record.', {
  ACTIVE: 'Record in normal use.',
  MERGED: 'Record merged into another customer. Its keys resolve to that customer.',
  ERASED: 'Record whose personal data was erased. The amounts of orders, payments and returns remain.',
});

export const RegisterEnum = describedEnum('Register', 'Level of formality to address a customer with.', {
  FORMAL: 'Formal address: Pan/Pani, Ви, Sie, vous.',
  INFORMAL: 'Informal address: Ty, ти, du, tu.',
});

export const SalutationFormEnum = describedEnum('SalutationForm', 'Where a salutation is used.', {
  SPOKEN: 'On the phone, in a chat or within a text: "Panie Tomaszu", "пане Ігорю", "Hello Dr Hernandez".',
  LETTER: 'First line of a letter or email: "Szanowny Panie", "Шановний пане Ігорю", "Dear Dr Hernandez".',
});

export const SalutationSourceEnum = describedEnum('SalutationSource', 'Basis of a salutation.', {
  STORED: 'Salutation that is stored for the customer.',
  RULE: 'Name of the customer, put into the form that the language requires.',
  FALLBACK: 'Neutral greeting without a name, because no other salutation is certain to suit the customer.',
});

export const ContactPointKindEnum = describedEnum('ContactPointKind', 'Type of a contact point.', {
  EMAIL: 'Email address. Compared in lowercase, without invisible characters, and with its domain in Unicode.',
  PHONE: 'Phone number. Compared in E.164 format with its extension: `+16505550100;ext=101`.',
  SOCIAL: 'Handle on a social network. Case and surrounding spaces are ignored in comparisons.',
});

export const AddressKindEnum = describedEnum('AddressKind', 'Purpose of a postal address.', {
  SHIPPING: 'Address that goods are shipped to.',
  BILLING: 'Address that invoices are sent to.',
  HOME: 'Address where the customer lives.',
});
