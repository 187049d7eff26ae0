import { describedEnum } from '../graphql/enums.ts';

export const CustomerStatusEnum = describedEnum('CustomerStatus', 'What became of a customer record.', {
  ACTIVE: 'In use.',
  MERGED: 'Merged into another; that one answers for it.',
  ERASED: 'The personal data is gone; the books keep their sums.',
});

export const RegisterEnum = describedEnum('Register', 'How formally somebody wants to be spoken to.', {
  FORMAL: 'Pan/Pani, Ви, Sie, vous.',
  INFORMAL: 'Ty, ти, du, tu.',
});

export const ContactPointKindEnum = describedEnum('ContactPointKind', 'What kind of address a contact point is.', {
  EMAIL: 'Email address. Compared in lower case, without invisible characters, its domain in Unicode.',
  PHONE: 'Phone number. Compared in E.164, with its extension: `+16505550100;ext=101`.',
  SOCIAL: 'A handle in a social network; compared trimmed and in lower case.',
});

export const AddressKindEnum = describedEnum('AddressKind', 'What an address is for.', {
  SHIPPING: 'Where goods go.',
  BILLING: 'Where invoices go.',
  HOME: 'Where they live.',
});
