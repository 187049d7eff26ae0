import { GraphQLError } from 'graphql';
import type { z } from 'zod';
import { countryCode, currencyCode, decimal, instant, json, locale, localTime, timezone } from '../lib/fields.ts';
import { formatAmount } from '../lib/money.ts';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description: 'An instant in RFC 3339 with an offset: `2026-11-21T10:00:00Z`. Answers are in UTC with milliseconds.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => read('DateTime', instant(), value),
});

builder.scalarType('Decimal', {
  description: 'An exact decimal as text, with at most four places: `"12.50"`. Never a float.',
  serialize: String,
  parseValue: (value) => read('Decimal', decimal(), value).toFixed(),
});

builder.scalarType('CurrencyCode', {
  description: 'ISO 4217: `GBP`, `PLN`, `UAH`.',
  serialize: String,
  parseValue: (value) => read('CurrencyCode', currencyCode(), value),
});

builder.scalarType('CountryCode', {
  description: 'ISO 3166-1 alpha-2: `PL`, `UA`.',
  serialize: String,
  parseValue: (value) => read('CountryCode', countryCode(), value),
});

builder.scalarType('Locale', {
  description: 'A BCP 47 language tag: `pl-PL`.',
  serialize: String,
  parseValue: (value) => read('Locale', locale(), value),
});

builder.scalarType('TimeZone', {
  description: 'An IANA time zone: `Europe/Warsaw`.',
  serialize: String,
  parseValue: (value) => read('TimeZone', timezone(), value),
});

builder.scalarType('LocalTime', {
  description: 'A time of day without a zone: `22:00`.',
  serialize: String,
  parseValue: (value) => read('LocalTime', localTime(), value),
});

builder.scalarType('JSON', {
  description: 'Any JSON value; text in it round-trips exactly.',
  serialize: (value) => value,
  parseValue: (value) => read('JSON', json, value),
});

builder.objectType('Money', {
  description: 'An amount in one currency.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      description: 'Exact, written with at least the decimals of its currency.',
      resolve: ({ amount, currencyCode }) => formatAmount(amount, currencyCode),
    }),
    currencyCode: t.expose('currencyCode', { type: 'CurrencyCode', description: 'ISO 4217.' }),
  }),
});

function read<T>(scalar: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new GraphQLError(`${scalar}: ${result.error.issues[0]?.message ?? 'is not valid.'}`);
}
