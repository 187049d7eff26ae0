import { builder } from '../graphql/builder.ts';
import { cost } from '../graphql/cost/points.ts';
import { recordFields } from '../graphql/fields/record-fields.ts';
import { defineList } from '../graphql/lists/list.ts';
import { ofCustomer } from '../graphql/personal-data/pii.ts';
import { rowField } from '../graphql/sql/row-field.ts';
import { parseInput } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import { classOfContact } from '../lib/pii.ts';
import { inOrder } from '../lib/text/sort-key.ts';
import { AddressKindEnum, ContactPointKindEnum, CustomerStatusEnum, RegisterEnum } from './enums.ts';
import { countryOfWorkspace, customerKeyInput, identifierOfKey, identifierText } from './identity/identifiers.ts';
import { ownerSql } from './identity/owner-sql.ts';
import { findOwners } from './identity/owners.ts';
import { workspaceCountryOf } from './identity/phone-countries.ts';
import { type CustomerKeyFields, CustomerKeyInput, pointsOfLookUp } from './input-types.ts';
import { findIfFew } from './search/search.ts';
import { Birthday, composedSalutation, QuietHours, Salutation } from './values-schema.ts';
import { CustomerWhere } from './where.ts';

const scope = 'customers:read';
const common = recordFields('customer');

builder.prismaNode('Customer', {
  nullable: true,
  description: 'Person or organization that you sell to and talk with.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Permanent ID. Still resolves after a merge.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    displayName: t.exposeString('displayName', {
      description:
        'Name shown in lists. Never empty. Defaults to the given and family name, or else to the customer’s ' +
        'first identifier, which is masked if it is an email address or phone number.',
    }),
    givenName: t.exposeString('givenName', {
      nullable: true,
      description: 'First name of the customer. Null if unknown.',
    }),
    familyName: t.exposeString('familyName', {
      nullable: true,
      description: 'Last name of the customer. Null if unknown.',
    }),
    shortName: t.exposeString('shortName', {
      nullable: true,
      description: 'Name the customer likes to be called. Null if unknown.',
    }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'Title, such as Dr, Prof. or inż. Null if unknown.',
    }),
    register: t.expose('register', {
      type: RegisterEnum,
      nullable: true,
      description: 'Level of formality to address the customer with. Null if unknown.',
    }),
    salutations: t.field({
      type: [Salutation],
      description: 'Salutations to use verbatim, one per language. They take precedence over any rule for salutations.',
      select: { id: true, salutation: true },
      resolve: ({ id, salutation }) =>
        Object.entries(salutation ?? {}).map(([locale, text]) => ofCustomer(id, { locale, text: String(text) })),
    }),
    composedSalutation: t.field({ ...composedSalutation, args: composedSalutation.args(t) }),
    locale: t.expose('locale', {
      type: 'Locale',
      nullable: true,
      description: 'Language to write to the customer in. Null if unknown.',
    }),
    timezone: t.expose('timezone', {
      type: 'TimeZone',
      nullable: true,
      description: 'Time zone of the customer. Null if unknown.',
    }),
    birthday: t.field({
      type: Birthday,
      nullable: true,
      description: 'Birthday of the customer. Null if unknown.',
      pii: 'BIRTHDAY',
      select: { birthMonth: true, birthDay: true, birthYear: true },
      resolve: ({ birthMonth, birthDay, birthYear }) =>
        birthMonth !== null && birthDay !== null ? { month: birthMonth, day: birthDay, year: birthYear } : null,
    }),
    country: t.expose('country', {
      type: 'CountryCode',
      nullable: true,
      description: 'Country the customer lives in. Null if unknown.',
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'Note for staff. Null if none.',
    }),
    quietHours: t.field({
      type: QuietHours,
      nullable: true,
      description: 'Daily hours in which not to contact the customer, in their local time. Null if unknown.',
      select: { quietFrom: true, quietUntil: true },
      resolve: ({ quietFrom, quietUntil }) => (quietFrom && quietUntil ? { from: quietFrom, until: quietUntil } : null),
    }),
    tags: t.field({
      type: ['String'],
      description: 'Tags in alphabetical order, as they were first spelled.',
      select: { tags: { select: { tag: true } } },
      resolve: ({ tags }) => inOrder(tags.map(({ tag }) => tag)),
    }),
    status: t.expose('status', { type: CustomerStatusEnum, description: 'Lifecycle status of the record.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the customer was created.' }),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

builder.prismaObject('ContactPoint', {
  description: 'Contact point of a customer. No two customers in a workspace can have the same contact point.',
  authScopes: { scope },
  select: { id: true, customerId: true },
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'ID of the contact point.',
      resolve: ({ id }) => encodeId('ContactPoint', id),
    }),
    kind: t.expose('kind', { type: ContactPointKindEnum, description: 'Kind of contact point in `value`.' }),
    value: t.string({
      description: 'Email address, phone number or social handle, as it was sent.',
      select: { kind: true, value: true },
      pii: (_value, { kind }) => classOfContact(kind),
      resolve: ({ value }) => value,
    }),
    normalizedValue: t.string({
      description: 'Normalized form of the value, used for comparison.',
      select: { kind: true, normalizedValue: true },
      pii: (_value, { kind }) => classOfContact(kind),
      resolve: ({ normalizedValue }) => normalizedValue,
    }),
    isPrimary: t.exposeBoolean('isPrimary', { description: 'Whether this is the primary contact point of its kind.' }),
    verifiedAt: t.expose('verifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the contact point was verified. Null if never verified.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the contact point was added.' }),
  }),
});

builder.prismaObject('CustomerExternalId', {
  description: 'ID of a customer in another system. Unique within its source.',
  authScopes: { scope },
  select: { customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', { description: 'Name you gave to the other system.' }),
    value: t.exposeString('value', { description: 'ID in the other system.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the external ID was added.' }),
  }),
});

builder.prismaObject('Address', {
  description: 'Postal address of a customer.',
  authScopes: { scope },
  select: { id: true, customerId: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'ID of the address.', resolve: ({ id }) => encodeId('Address', id) }),
    kind: t.expose('kind', { type: AddressKindEnum, description: 'Purpose of the address, such as shipping.' }),
    lines: t.exposeStringList('lines', {
      description: 'Street and other lines before the city.',
    }),
    city: t.exposeString('city', { nullable: true, description: 'City or town. Null if unknown.' }),
    region: t.exposeString('region', {
      nullable: true,
      description: 'State, province or voivodeship. Null if unknown.',
    }),
    postalCode: t.exposeString('postalCode', { nullable: true, description: 'Postal or ZIP code. Null if unknown.' }),
    countryCode: t.expose('countryCode', {
      type: 'CountryCode',
      nullable: true,
      description: 'Country of the address. Null if unknown.',
    }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'Whether this is the default address of its kind. Each kind has at most one.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the address was added.' }),
  }),
});

/** Lists of customers. */
export const customers = defineList('Customer', {
  plural: 'customers',
  where: CustomerWhere,
  orderBy: {
    CREATED_AT: { column: 'createdAt', description: 'When the customer was created.' },
    UPDATED_AT: { column: 'updatedAt', description: 'When the customer last changed.' },
    DISPLAY_NAME: {
      column: 'sortName',
      direction: 'asc',
      description: 'Name shown in lists, ignoring case and diacritics.',
    },
  },
  direction: 'desc',
});

customers.addToQuery({
  name: 'customers',
  scope,
  description: 'Lists customers, newest first by default.',
  narrow: {
    appliesTo: (where) => searchOf(where) !== null,
    find: async ({ db, viewer }, where) => {
      const few = await findIfFew(db, searchOf(where) ?? '', viewer.scopes);
      return few && { id: { in: few } };
    },
  },
});

function searchOf(where: unknown): string | null {
  const search = typeof where === 'object' && where !== null && 'search' in where ? where.search : null;
  return typeof search === 'string' ? search : null;
}

const byAge = { CREATED_AT: { column: 'createdAt', description: 'When the record was added.' } };

defineList('ContactPoint', { plural: 'contact points', orderBy: byAge, direction: 'asc' }).addToType('Customer', {
  name: 'contactPoints',
  on: { customerId: 'id' },
  scope,
  description: 'Contact points of the customer, oldest first.',
});

defineList('Address', { plural: 'addresses', orderBy: byAge, direction: 'asc' }).addToType('Customer', {
  name: 'addresses',
  on: { customerId: 'id' },
  scope,
  description: 'Postal addresses of the customer, oldest first.',
});

defineList('CustomerExternalId', {
  plural: 'external IDs',
  orderBy: { SOURCE: { column: 'source', description: 'Name you gave to the other system.' } },
  tieBreaker: 'value',
  direction: 'asc',
}).addToType('Customer', {
  name: 'externalIds',
  on: { customerId: 'id' },
  scope,
  description: 'IDs of the customer in other systems, sorted by source.',
});

builder.queryField('customer', (t) =>
  t.prismaField({
    type: 'Customer',
    nullable: true,
    description: 'Finds a customer by their key. Reflects all earlier writes. Null if no customer has the key.',
    authScopes: { scope },
    args: { by: t.arg({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }) },
    extensions: {
      ...cost<{ by: CustomerKeyFields }>({ points: ({ by }) => pointsOfLookUp(by) }),
      query: rowField('Customer', ({ by }, { viewer }) => {
        const key = parseInput(customerKeyInput, by, 'by');
        const identifier = identifierOfKey(key, countryOfWorkspace(key.phone ? viewer.defaultCountry : null), 'by');
        return (alias, parameter) => `${alias}."id" = ${ownerSql(identifier, parameter)}`;
      }),
    },
    resolve: async (query, _root, { by }, { db }) => {
      const key = parseInput(customerKeyInput, by, 'by');
      const country = countryOfWorkspace(key.phone ? await workspaceCountryOf(db) : null);
      const identifier = identifierOfKey(key, country, 'by');
      const id = (await findOwners(db, [identifier])).get(identifierText(identifier));
      return id === undefined
        ? null
        : db.customer.findUnique({ ...query, where: { workspaceId_id: { workspaceId: db.workspaceId, id } } });
    },
  }),
);
