import { builder } from '../graphql/builder.ts';
import { ExternalIdInput, expectedVersion } from '../graphql/keys.ts';
import { AddressKindEnum, ContactPointKindEnum, RegisterEnum } from './enums.ts';

export const CustomerKeyInput = builder.inputType('CustomerKey', {
  description: 'What a customer is known by: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Our id.' }),
    email: t.string({
      description:
        'Email address. Case, surrounding blanks, invisible characters and the spelling of an international domain do not matter.',
    }),
    phone: t.string({
      description:
        'Phone number in any spelling, with its extension if it has one: `+1 650 555 0100 ext. 101`. Without a country code it is read ' +
        'in the country that the same input gives the customer, else in that of their address there, else in that of the workspace.',
    }),
    externalId: t.field({ type: ExternalIdInput, description: 'An id in another system.' }),
  }),
});

const ContactPointInput = builder.inputType('ContactPointInput', {
  description: 'A way to reach a customer.',
  fields: (t) => ({
    kind: t.field({ type: ContactPointKindEnum, required: true, description: 'What it is.' }),
    value: t.string({
      required: true,
      description:
        'Address, number or handle. A phone number without a country code is read in the customer’s country, else in that of their ' +
        'address, else in that of the workspace.',
    }),
    isPrimary: t.boolean({
      description:
        'Whether to use it first. The first `true` of a kind wins and takes over from the current one. Left out or null: the first of its kind is.',
    }),
  }),
});

export const AddressInput = builder.inputType('AddressInput', {
  description: 'A postal address.',
  fields: (t) => ({
    kind: t.field({ type: AddressKindEnum, required: true, description: 'What it is for.' }),
    lines: t.stringList({ required: true, description: 'Street and whatever else comes before the city; up to 5.' }),
    city: t.string({ description: 'City.' }),
    region: t.string({ description: 'State, province or voivodeship.' }),
    postalCode: t.string({ description: 'Postal code.' }),
    countryCode: t.field({ type: 'CountryCode', description: 'Country.' }),
    isDefault: t.boolean({ description: 'The one of its kind to use. Unless told, the first is.' }),
  }),
});

const SalutationInput = builder.inputType('SalutationInput', {
  description: 'How somebody is greeted in one language.',
  fields: (t) => ({
    locale: t.field({ type: 'Locale', required: true, description: 'The language.' }),
    text: t.string({ required: true, description: 'As it shall be written.' }),
  }),
});

const BirthdayInput = builder.inputType('BirthdayInput', {
  description: 'A day of the year.',
  fields: (t) => ({
    month: t.int({ required: true, description: '1 to 12.' }),
    day: t.int({ required: true, description: '1 to 31.' }),
    year: t.int({ description: 'Left out where it is not known.' }),
  }),
});

const QuietHoursInput = builder.inputType('QuietHoursInput', {
  description: 'A span of every day, possibly over midnight.',
  fields: (t) => ({
    from: t.field({ type: 'LocalTime', required: true, description: 'Its start.' }),
    until: t.field({ type: 'LocalTime', required: true, description: 'Its end.' }),
  }),
});

export const UpsertCustomerInput = builder.inputType('UpsertCustomerInput', {
  description: 'A customer as they shall be. What is left out stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({
      type: CustomerKeyInput,
      required: true,
      description: 'Who. Somebody unknown is created, unless the key is an id.',
    }),
    displayName: t.string({
      description: 'Name in lists. It stays as given; null gives it up, so that it follows the given and family name.',
    }),
    givenName: t.string({ description: 'First name.' }),
    familyName: t.string({ description: 'Last name.' }),
    shortName: t.string({ description: 'What they like to be called.' }),
    title: t.string({ description: 'Dr, Prof., inż.' }),
    register: t.field({ type: RegisterEnum, description: 'How formally to speak to them.' }),
    salutations: t.field({ type: [SalutationInput], description: 'Replace those there are.' }),
    locale: t.field({ type: 'Locale', description: 'The language to write to them in.' }),
    timezone: t.field({ type: 'TimeZone', description: 'Where their clock stands.' }),
    birthday: t.field({ type: BirthdayInput, description: 'The year may be left out.' }),
    country: t.field({ type: 'CountryCode', description: 'Where they live.' }),
    note: t.string({ description: 'What staff should know; up to 10,000 characters.' }),
    quietHours: t.field({ type: QuietHoursInput, description: 'When not to contact them, by their own clock.' }),
    contactPoints: t.field({
      type: [ContactPointInput],
      description: 'Added to those there are. CONFLICT where another customer has one.',
    }),
    externalIds: t.field({
      type: [ExternalIdInput],
      description: 'Added to those there are. CONFLICT where another customer has one.',
    }),
    addresses: t.field({ type: [AddressInput], description: 'Replace those there are.' }),
    tags: t.stringList({
      description:
        'Replace the current ones. Tags that differ only in case or Unicode normalization are one, in their first spelling.',
    }),
    revive: t.boolean({
      description: 'Write them anew though they were erased. Unless told, that is a CONFLICT.',
    }),
    expectedVersion: expectedVersion(t),
  }),
});

export const AddContactPointInput = builder.inputType('AddContactPointInput', {
  description: 'A way to reach a customer, to be added.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who.' }),
    kind: t.field({ type: ContactPointKindEnum, required: true, description: 'What it is.' }),
    value: t.string({ required: true, description: 'Address, number or handle, as in `ContactPointInput`.' }),
    isPrimary: t.boolean({ description: 'Whether to use it first from now on.' }),
    verifiedAt: t.field({ type: 'DateTime', description: 'When it was verified.' }),
  }),
});

export const RemoveContactPointInput = builder.inputType('RemoveContactPointInput', {
  description: 'A contact point to be removed.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of the contact point.' }),
  }),
});

export const TagCustomerInput = builder.inputType('TagCustomerInput', {
  description: 'A label and who it is for.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who.' }),
    tag: t.string({
      required: true,
      description: 'Label, up to 100 characters. Case and Unicode normalization do not matter.',
    }),
  }),
});

/** Points of a look-up by a key. To guess an address costs more than to know an ID. */
export function costOfLookUp({
  email,
  phone,
}: {
  email?: string | null | undefined;
  phone?: string | null | undefined;
}): number {
  return (email ?? phone ?? null) === null ? 1 : 10;
}
