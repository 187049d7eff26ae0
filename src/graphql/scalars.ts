import { GraphQLError } from 'graphql';
import type * as z from 'zod';
import { countryCode, currencyCode, decimal, instant, json, locale, localTime, timezone } from '../lib/fields.ts';
import { formatAmount } from '../lib/money.ts';
import { builder } from './builder.ts';
import { valueObject } from './cost/points.ts';

builder.scalarType('DateTime', {
  description:
    'Instant in RFC 3339 format with an offset, such as `2026-11-21T10:00:00Z`. Responses use UTC with milliseconds.',
  serialize: (value) => value.toISOString(),
  parseValue: reader('DateTime', instant()),
});

const readDecimal = reader('Decimal', decimal());

builder.scalarType('Decimal', {
  description: 'Exact decimal as a string with at most four decimal places, such as `"12.50"`. Never a float.',
  serialize: String,
  parseValue: (value) => readDecimal(value).toFixed(),
});

builder.scalarType('CurrencyCode', {
  description: 'ISO 4217 currency code, such as `GBP`, `PLN` or `UAH`.',
  serialize: String,
  parseValue: reader('CurrencyCode', currencyCode()),
});

builder.scalarType('CountryCode', {
  description: 'ISO 3166-1 alpha-2 country code, such as `PL` or `UA`.',
  serialize: String,
  parseValue: reader('CountryCode', countryCode()),
});

builder.scalarType('Locale', {
  description: 'BCP 47 language tag, such as `pl-PL`.',
  serialize: String,
  parseValue: reader('Locale', locale()),
});

builder.scalarType('TimeZone', {
  description: 'IANA time zone, such as `Europe/Warsaw`.',
  serialize: String,
  parseValue: reader('TimeZone', timezone()),
});

builder.scalarType('LocalTime', {
  description: 'Time of day without a time zone, such as `22:00`.',
  serialize: String,
  parseValue: reader('LocalTime', localTime()),
});

builder.scalarType('JSON', {
  description: 'Any JSON value. Strings in it are returned exactly as sent.',
  serialize: (value) => value,
  parseValue: reader('JSON', json),
});

builder.scalarType('PreferenceValue', {
  description:
    'Value of a preference: text, a number, a Boolean, a list of texts, or a calendar date such as `"2026-11-21"`. ' +
    '`valueType` says which.',
  serialize: (value) => value,
  parseValue: () => {
    throw new GraphQLError('PreferenceValue: Send a `PreferenceValueInput` instead.');
  },
});

builder.objectType('Money', {
  extensions: valueObject,
  description: 'Amount of money in one currency.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      description: 'Exact amount, with at least as many decimal places as its currency has.',
      resolve: ({ amount, currencyCode }) => formatAmount(amount, currencyCode),
    }),
    currencyCode: t.expose('currencyCode', {
      type: 'CurrencyCode',
      description: 'Currency of the amount, as an ISO 4217 code.',
    }),
  }),
});

// Creating a schema takes longer than parsing a value with it, so each scalar has one.
function reader<T>(scalar: string, schema: z.ZodType<T>): (value: unknown) => T {
  return (value) => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new GraphQLError(`${scalar}: ${result.error.issues[0]?.message ?? 'Invalid value.'}`);
  };
}
