import { builder } from '../graphql/builder.ts';
import { defineList } from '../graphql/list.ts';
import { ofCustomer } from '../graphql/pii.ts';
import { parseInput } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import { classOfContact, classOfText } from '../lib/pii.ts';
import { inOrder } from '../lib/sort-key.ts';
import { claimOfKey, claimText, customerKeyInput, ofWorkspace } from './claims.ts';
import { AddressKindEnum, ContactPointKindEnum, CustomerStatusEnum, RegisterEnum } from './enums.ts';
import { CustomerKeyInput, costOfLookUp } from './input-types.ts';
import { findOwners } from './owners.ts';
import { workspaceCountryOf } from './phone-countries.ts';
import { findFew } from './search.ts';
import { CustomerWhere } from './where.ts';

const scope = 'customers:read';

builder.prismaNode('Customer', {
  nullable: true,
  description: 'A person or organisation we sell to and speak with.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Stays the same for ever; also after a merge it answers.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    displayName: t.exposeString('displayName', {
      description:
        'Name in lists, never empty. If nobody chose one, it follows the given and family name, or else what the customer was ' +
        'first known by, masked if that is an email address or phone number.',
    }),
    givenName: t.exposeString('givenName', {
      nullable: true,
      description: 'First name. Null: not known.',
    }),
    familyName: t.exposeString('familyName', {
      nullable: true,
      description: 'Last name. Null: not known.',
    }),
    shortName: t.exposeString('shortName', {
      nullable: true,
      description: 'What they like to be called. Null: not known.',
    }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'Dr, Prof., inż. Null: none known.',
    }),
    register: t.expose('register', {
      type: RegisterEnum,
      nullable: true,
      description: 'How formally to speak to them. Null: not known.',
    }),
    salutations: t.field({
      type: [Salutation],
      description: 'Salutations to use as they stand, one a language. They win over any rule.',
      select: { id: true, salutation: true },
      resolve: ({ id, salutation }) =>
        Object.entries(salutation ?? {}).map(([locale, text]) => ofCustomer(id, { locale, text: String(text) })),
    }),
    locale: t.expose('locale', {
      type: 'Locale',
      nullable: true,
      description: 'The language to write to them in. Null: not known.',
    }),
    timezone: t.expose('timezone', {
      type: 'TimeZone',
      nullable: true,
      description: 'Where their clock stands. Null: not known.',
    }),
    birthday: t.field({
      type: Birthday,
      nullable: true,
      description: 'Null: not known.',
      pii: 'BIRTHDAY',
      select: { birthMonth: true, birthDay: true, birthYear: true },
      resolve: ({ birthMonth, birthDay, birthYear }) =>
        birthMonth !== null && birthDay !== null ? { month: birthMonth, day: birthDay, year: birthYear } : null,
    }),
    country: t.expose('country', {
      type: 'CountryCode',
      nullable: true,
      description: 'Where they live. Null: not known.',
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'What staff should know. Null: nothing noted.',
    }),
    quietHours: t.field({
      type: QuietHours,
      nullable: true,
      description: 'When not to contact them, by their own clock. Null: none known.',
      select: { quietFrom: true, quietUntil: true },
      resolve: ({ quietFrom, quietUntil }) => (quietFrom && quietUntil ? { from: quietFrom, until: quietUntil } : null),
    }),
    tags: t.field({
      type: ['String'],
      description: 'Labels as they were first spelled, in alphabetical order.',
      select: { tags: { select: { tag: true } } },
      resolve: ({ tags }) => inOrder(tags.map(({ tag }) => tag)),
    }),
    status: t.expose('status', { type: CustomerStatusEnum, description: 'What became of the record.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When they were first written here.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When their record last changed.' }),
    version: t.exposeInt('version', {
      description: '1, and one more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

const Salutation = builder.simpleObject('Salutation', {
  description: 'How somebody is greeted in one language.',
  fields: (t) => ({
    locale: t.field({ type: 'Locale', description: 'The language.' }),
    text: t.string({ pii: classOfText, description: 'To be written as it stands: "Panie Tomaszu".' }),
  }),
});

const Birthday = builder.simpleObject('Birthday', {
  description: 'A day of the year. 29 February is kept; in other years it falls on 28 February.',
  fields: (t) => ({
    month: t.int({ nullable: true, description: '1 to 12. Null: masked, for a key without `pii:birthday`.' }),
    day: t.int({ nullable: true, description: '1 to 31. Null: masked, likewise.' }),
    year: t.int({ nullable: true, description: 'Null: not known, or masked.' }),
  }),
});

const QuietHours = builder.simpleObject('QuietHours', {
  description: 'A span of every day, possibly over midnight.',
  fields: (t) => ({
    from: t.field({ type: 'LocalTime', description: 'Its start.' }),
    until: t.field({ type: 'LocalTime', description: 'Its end.' }),
  }),
});

builder.prismaObject('ContactPoint', {
  description: 'A way to reach a customer. No two customers of a workspace share one.',
  authScopes: { scope },
  select: { id: true, customerId: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Its id.', resolve: ({ id }) => encodeId('ContactPoint', id) }),
    kind: t.expose('kind', { type: ContactPointKindEnum, description: 'What it is.' }),
    value: t.string({
      description: 'As it was given.',
      select: { kind: true, value: true },
      pii: (_value, { kind }) => classOfContact(kind),
      resolve: ({ value }) => value,
    }),
    normalizedValue: t.string({
      description: 'The form in which it is compared.',
      select: { kind: true, normalizedValue: true },
      pii: (_value, { kind }) => classOfContact(kind),
      resolve: ({ normalizedValue }) => normalizedValue,
    }),
    isPrimary: t.exposeBoolean('isPrimary', { description: 'The one of its kind to use first.' }),
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime', nullable: true, description: 'Null: never verified.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
  }),
});

builder.prismaObject('CustomerExternalId', {
  description: 'What another system calls this customer. Unique within its source.',
  authScopes: { scope },
  select: { customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', { description: 'The other system.' }),
    value: t.exposeString('value', { description: 'Its id there.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
  }),
});

builder.prismaObject('Address', {
  description: 'A postal address of a customer.',
  authScopes: { scope },
  select: { id: true, customerId: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Its id.', resolve: ({ id }) => encodeId('Address', id) }),
    kind: t.expose('kind', { type: AddressKindEnum, description: 'What it is for.' }),
    lines: t.exposeStringList('lines', {
      description: 'Street and whatever else comes before the city.',
    }),
    city: t.exposeString('city', { nullable: true, description: 'Null: not given.' }),
    region: t.exposeString('region', {
      nullable: true,
      description: 'State, province or voivodeship. Null: not given.',
    }),
    postalCode: t.exposeString('postalCode', { nullable: true, description: 'Null: not given.' }),
    countryCode: t.expose('countryCode', { type: 'CountryCode', nullable: true, description: 'Null: not given.' }),
    isDefault: t.exposeBoolean('isDefault', { description: 'The one of its kind to use; there is at most one.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
  }),
});

const customers = defineList('Customer', {
  plural: 'customers',
  where: CustomerWhere,
  orderBy: {
    CREATED_AT: { column: 'createdAt', description: 'When they were first written here.' },
    UPDATED_AT: { column: 'updatedAt', description: 'When their record last changed.' },
    DISPLAY_NAME: {
      column: 'sortName',
      direction: 'asc',
      description: 'Name in lists, by its letters without case and diacritics.',
    },
  },
  direction: 'desc',
});

customers.addToQuery({
  name: 'customers',
  scope,
  description: 'Customers, newest first unless told otherwise.',
  narrow: async ({ db, viewer }, where) => {
    const search = typeof where === 'object' && where !== null && 'search' in where ? where.search : null;
    const few = typeof search === 'string' ? await findFew(db, search, viewer.scopes) : null;
    return few && { id: { in: few } };
  },
});

const byAge = { CREATED_AT: { column: 'createdAt', description: 'When it was added.' } };

defineList('ContactPoint', { plural: 'contact points', orderBy: byAge, direction: 'asc' }).addToType('Customer', {
  name: 'contactPoints',
  on: { customerId: 'id' },
  scope,
  description: 'Ways to reach them, oldest first.',
});

defineList('Address', { plural: 'addresses', orderBy: byAge, direction: 'asc' }).addToType('Customer', {
  name: 'addresses',
  on: { customerId: 'id' },
  scope,
  description: 'Their postal addresses, oldest first.',
});

defineList('CustomerExternalId', {
  plural: 'external ids',
  orderBy: { SOURCE: { column: 'source', description: 'The other system.' } },
  tieBreaker: 'value',
  direction: 'asc',
}).addToType('Customer', {
  name: 'externalIds',
  on: { customerId: 'id' },
  scope,
  description: 'What other systems call them, by source.',
});

builder.queryField('customer', (t) =>
  t.prismaField({
    type: 'Customer',
    nullable: true,
    description: 'One customer, found exactly. A look-up sees every write before it. Null: there is none.',
    authScopes: { scope },
    complexity: ({ by }) => ({ field: costOfLookUp(by) }),
    args: { by: t.arg({ type: CustomerKeyInput, required: true, description: 'What they are known by.' }) },
    resolve: async (query, _root, { by }, { db }) => {
      const key = parseInput(customerKeyInput, by, 'by');
      const country = ofWorkspace(key.phone ? await workspaceCountryOf(db) : null);
      const claim = claimOfKey(key, country, 'by');
      const id = (await findOwners(db, [claim])).get(claimText(claim));
      return id === undefined
        ? null
        : db.customer.findUnique({ ...query, where: { workspaceId_id: { workspaceId: db.workspaceId, id } } });
    },
  }),
);
