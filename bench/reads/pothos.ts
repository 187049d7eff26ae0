// Pothos over Prisma as its documentation shows it: objects, and relations with one query each. No key or tenant.
import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import { PrismaPg } from '@prisma/adapter-pg';
import { createYoga } from 'graphql-yoga';
import type PrismaTypes from '../../src/db/generated/pothos.ts';
import { getDatamodel } from '../../src/db/generated/pothos.ts';
import { PrismaClient } from '../../src/db/generated/prisma/client.ts';

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 }) });
const workspaceId = process.env.WORKSPACE_ID ?? '';
const builder = new SchemaBuilder<{ PrismaTypes: PrismaTypes }>({
  plugins: [PrismaPlugin],
  prisma: { client: prisma, dmmf: getDatamodel() },
  // Required by the types of the product's builder; no such plugin is used here.
  scopeAuth: { authScopes: () => ({}) },
});

builder.prismaObject('CustomerStatistics', {
  fields: (t) => ({
    currencyCode: t.exposeString('currencyCode'),
    numberOfOrders: t.exposeInt('numberOfOrders'),
    amountOrdered: t.string({ resolve: ({ amountOrdered }) => amountOrdered.toString() }),
    amountSpent: t.string({ resolve: ({ amountSpent }) => amountSpent.toString() }),
    firstOrderAt: t.string({ nullable: true, resolve: ({ firstOrderAt }) => firstOrderAt?.toISOString() }),
    lastOrderAt: t.string({ nullable: true, resolve: ({ lastOrderAt }) => lastOrderAt?.toISOString() }),
  }),
});
builder.prismaObject('Preference', {
  fields: (t) => ({
    id: t.exposeID('id'),
    key: t.exposeString('key'),
    value: t.string({ resolve: ({ values }) => values.join(', ') }),
    origin: t.exposeString('origin'),
    validFrom: t.string({ resolve: ({ validFrom }) => validFrom.toISOString() }),
  }),
});
builder.prismaObject('OrderLine', {
  fields: (t) => ({
    title: t.exposeString('title'),
    sku: t.exposeString('sku', { nullable: true }),
    quantity: t.exposeInt('quantity'),
    unitPrice: t.string({ resolve: ({ unitPrice }) => unitPrice.toString() }),
  }),
});
builder.prismaObject('Order', {
  fields: (t) => ({
    id: t.exposeID('id'),
    number: t.exposeString('number'),
    status: t.exposeString('status'),
    paymentStatus: t.exposeString('paymentStatus'),
    placedAt: t.string({ resolve: ({ placedAt }) => placedAt.toISOString() }),
    total: t.string({ resolve: ({ total }) => total.toString() }),
    currencyCode: t.exposeString('currencyCode'),
    lines: t.relation('lines', { query: { orderBy: { position: 'asc' }, take: 20 } }),
  }),
});
builder.prismaObject('Interaction', {
  fields: (t) => ({
    id: t.exposeID('id'),
    channel: t.exposeString('channel'),
    direction: t.exposeString('direction'),
    kind: t.exposeString('kind'),
    occurredAt: t.string({ resolve: ({ occurredAt }) => occurredAt.toISOString() }),
    subject: t.exposeString('subject', { nullable: true }),
    body: t.exposeString('body', { nullable: true }),
  }),
});
builder.prismaObject('Customer', {
  fields: (t) => ({
    id: t.exposeID('id'),
    displayName: t.exposeString('displayName'),
    givenName: t.exposeString('givenName', { nullable: true }),
    familyName: t.exposeString('familyName', { nullable: true }),
    shortName: t.exposeString('shortName', { nullable: true }),
    register: t.exposeString('register', { nullable: true }),
    locale: t.exposeString('locale', { nullable: true }),
    timezone: t.exposeString('timezone', { nullable: true }),
    country: t.exposeString('country', { nullable: true }),
    statistics: t.relation('statistics'),
    preferences: t.relation('preferences', {
      query: { where: { status: 'ACTIVE', doNotUse: false }, orderBy: { key: 'asc' }, take: 20 },
    }),
    orders: t.relation('orders', { query: { orderBy: { placedAt: 'desc' }, take: 20 } }),
    interactions: t.relation('interactions', { query: { orderBy: { occurredAt: 'desc' }, take: 20 } }),
  }),
});
builder.queryType({
  fields: (t) => ({
    customer: t.prismaField({
      type: 'Customer',
      nullable: true,
      args: { email: t.arg.string({ required: true }) },
      resolve: (query, _root, { email }) =>
        prisma.customer.findFirst({
          ...query,
          where: { workspaceId, contactPoints: { some: { normalizedValue: email, kind: 'EMAIL' } } },
        }),
    }),
  }),
});

const yoga = createYoga({ schema: builder.toSchema(), logging: false });
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1');
