import { builder } from '../graphql/builder.ts';
import { ExternalIdInput, expectedVersion } from '../graphql/mutations/keys.ts';
import { AddressKindEnum, ContactPointKindEnum, RegisterEnum } from './enums.ts';

export const CustomerKeyInput = builder.inputType('CustomerKey', {
  description: 'Key that identifies a customer. Set exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'ID that Rapport assigned to the customer.' }),
    email: t.string({
      description:
        'Email address. Case, surrounding whitespace, invisible characters and the encoding of an international ' +
        'domain are ignored.',
    }),
    phone: t.string({
      description:
        'Phone number in any notation, with its extension if it has one: `+1 650 555 0100 ext. 101`. A number ' +
        'without a country code uses the customer’s country in the same input, or else the country of an address in ' +
        'that input, or else the workspace’s country.',
    }),
    externalId: t.field({ type: ExternalIdInput, description: 'ID of the customer in another system.' }),
  }),
});

const ContactPointInput = builder.inputType('ContactPointInput', {
  description: 'Contact point of a customer: an email address, phone number or social handle.',
  fields: (t) => ({
    kind: t.field({
      type: ContactPointKindEnum,
      required: true,
      description: 'Kind of contact point in `value`.',
    }),
    value: t.string({
      required: true,
      description:
        'Email address, phone number or social handle. A phone number without a country code uses the customer’s ' +
        'country, or else the country of their address, or else the workspace’s country.',
    }),
    isPrimary: t.boolean({
      description:
        'Whether this is the primary contact point of its kind. The first contact point of a kind with `true` ' +
        'replaces the current primary contact point. If omitted or null, the current primary contact point ' +
        'stays. If there is none, the first new contact point of the kind becomes primary.',
    }),
  }),
});

const AddressInput = builder.inputType('AddressInput', {
  description: 'Postal address of a customer.',
  fields: (t) => ({
    kind: t.field({ type: AddressKindEnum, required: true, description: 'Purpose of the address, such as shipping.' }),
    lines: t.stringList({ required: true, description: 'Street and other lines before the city, up to 5.' }),
    city: t.string({ description: 'City or town of the address.' }),
    region: t.string({ description: 'State, province or voivodeship.' }),
    postalCode: t.string({ description: 'Postal or ZIP code of the address.' }),
    countryCode: t.field({ type: 'CountryCode', description: 'Country of the address.' }),
    isDefault: t.boolean({
      description:
        'Whether this is the default address of its kind. If no address of a kind is marked, the first address ' +
        'of that kind is the default.',
    }),
  }),
});

const SalutationInput = builder.inputType('SalutationInput', {
  description: 'Salutation of a customer in one language.',
  fields: (t) => ({
    locale: t.field({ type: 'Locale', required: true, description: 'Language of the salutation.' }),
    text: t.string({ required: true, description: 'Text of the salutation, used verbatim.' }),
  }),
});

const BirthdayInput = builder.inputType('BirthdayInput', {
  description: 'Birthday of a customer, with or without the year.',
  fields: (t) => ({
    month: t.int({ required: true, description: 'Month of the birthday, 1 to 12.' }),
    day: t.int({ required: true, description: 'Day of the month, 1 to 31.' }),
    year: t.int({ description: 'Year of birth. Omit it if unknown.' }),
  }),
});

const QuietHoursInput = builder.inputType('QuietHoursInput', {
  description: 'Daily time span, which may cross midnight.',
  fields: (t) => ({
    from: t.field({ type: 'LocalTime', required: true, description: 'Start of the time span.' }),
    until: t.field({ type: 'LocalTime', required: true, description: 'End of the time span.' }),
  }),
});

export const UpsertCustomerInput = builder.inputType('UpsertCustomerInput', {
  description: 'Customer to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: CustomerKeyInput,
      required: true,
      description: 'Key of the customer. An unknown key creates a customer, unless it is an `id`.',
    }),
    displayName: t.string({
      description:
        'Name shown in lists, stored as sent. Send `null` to derive it from the given and family name again.',
    }),
    givenName: t.string({ description: 'First name of the customer.' }),
    familyName: t.string({ description: 'Last name of the customer.' }),
    shortName: t.string({ description: 'Name the customer likes to be called.' }),
    title: t.string({ description: 'Title, such as Dr, Prof. or inż.' }),
    register: t.field({ type: RegisterEnum, description: 'Level of formality to address the customer with.' }),
    salutations: t.field({
      type: [SalutationInput],
      description: 'Salutations by language. They replace the current salutations.',
    }),
    locale: t.field({ type: 'Locale', description: 'Language to write to the customer in.' }),
    timezone: t.field({ type: 'TimeZone', description: 'Time zone of the customer.' }),
    birthday: t.field({ type: BirthdayInput, description: 'Birthday of the customer. The year is optional.' }),
    country: t.field({ type: 'CountryCode', description: 'Country the customer lives in.' }),
    note: t.string({ description: 'Note for staff, up to 10,000 characters.' }),
    quietHours: t.field({
      type: QuietHoursInput,
      description: 'Daily hours in which not to contact the customer, in their local time.',
    }),
    contactPoints: t.field({
      type: [ContactPointInput],
      description:
        'Contact points to add to the customer’s current contact points. Fails with `CONFLICT` if another ' +
        'customer has one of them.',
    }),
    externalIds: t.field({
      type: [ExternalIdInput],
      description:
        'External IDs to add to the customer’s current external IDs. Fails with `CONFLICT` if another customer ' +
        'has one of them.',
    }),
    addresses: t.field({ type: [AddressInput], description: 'Postal addresses. They replace the current addresses.' }),
    tags: t.stringList({
      description:
        'Tags of the customer. They replace the current tags. Tags that differ only in case or Unicode ' +
        'normalization count as one, and the first spelling is kept.',
    }),
    revive: t.boolean({
      description:
        'Whether to allow a write to a customer who was erased. Defaults to false, and such a write then fails ' +
        'with `CONFLICT`.',
    }),
    expectedVersion: expectedVersion(t),
  }),
});

export const AddContactPointInput = builder.inputType('AddContactPointInput', {
  description: 'Contact point to add to a customer.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer to change.' }),
    kind: t.field({
      type: ContactPointKindEnum,
      required: true,
      description: 'Kind of contact point in `value`.',
    }),
    value: t.string({
      required: true,
      description: 'Email address, phone number or social handle, parsed as in `ContactPointInput`.',
    }),
    isPrimary: t.boolean({ description: 'Whether to make this the primary contact point of its kind.' }),
    verifiedAt: t.field({ type: 'DateTime', description: 'When the contact point was verified.' }),
  }),
});

export const RemoveContactPointInput = builder.inputType('RemoveContactPointInput', {
  description: 'Contact point to remove from its customer.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'ID of the contact point.' }),
  }),
});

export const TagCustomerInput = builder.inputType('TagCustomerInput', {
  description: 'Tag to add to or remove from a customer.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer to change.' }),
    tag: t.string({
      required: true,
      description: 'Tag of up to 100 characters. Case and Unicode normalization are ignored.',
    }),
  }),
});

/** The fields of a `CustomerKey` that a lookup may cost points for. */
export type CustomerKeyFields = { email?: string | null | undefined; phone?: string | null | undefined };

/** Returns the points of a lookup, whether it finds a customer or not. By email or phone it costs, to slow guessing. */
export function pointsOfLookUp({ email, phone }: CustomerKeyFields): number {
  return (email ?? phone ?? null) === null ? 0 : 10;
}
