import * as z from 'zod';
import { externalIdInput } from '../db/entity-keys.ts';
import { AddressKind, ContactPointKind, Register } from '../db/generated/prisma/enums.ts';
import type { DomainError } from '../lib/errors.ts';
import { countryCode, listOf, locale, localTime, name, parseInput, text, timezone } from '../lib/fields.ts';
import { attempt, refused } from '../lib/upsert-result.ts';
import { expectedVersion } from '../lib/versions.ts';
import { customerKeyInput } from './identity/identifiers.ts';

const maxContactPoints = 50;

const contactPointInput = z.strictObject({
  kind: z.enum(ContactPointKind),
  value: text(320),
  isPrimary: z.boolean().nullish(),
});

const addressInput = z.strictObject({
  kind: z.enum(AddressKind),
  lines: listOf(name(300), 5),
  city: name(200).nullish(),
  region: name(200).nullish(),
  postalCode: name(40).nullish(),
  countryCode: countryCode().nullish(),
  isDefault: z.boolean().nullish(),
});

const birthday = z
  .strictObject({
    month: z.int().min(1).max(12),
    day: z.int().min(1).max(31),
    year: z.int().min(1850).max(2200).nullish(),
  })
  .refine(({ month, day, year }) => {
    // 2000 is a leap year, so that 29 February is valid if the year is unknown.
    const date = new Date(Date.UTC(year ?? 2000, month - 1, day));
    return date.getUTCMonth() === month - 1;
  }, 'This date does not exist. Send a valid month and day.');

const quietHours = z
  .strictObject({ from: localTime(), until: localTime() })
  .refine(({ from, until }) => from !== until, {
    path: ['until'],
    message: 'Quiet hours must not start and end at the same time. Send another time, or null for no quiet hours.',
  });

/**
 * Input of a customer write. Omitted fields keep their value; null clears them. `contactPoints` and `externalIds` are
 * added to the stored ones; `addresses`, `tags` and `salutations` replace them.
 */
const customerInput = z.strictObject({
  key: customerKeyInput,
  displayName: name().nullish(),
  givenName: name().nullish(),
  familyName: name().nullish(),
  shortName: name().nullish(),
  title: name(60).nullish(),
  register: z.enum(Register).nullish(),
  salutations: z
    .array(z.strictObject({ locale: locale(), text: name() }))
    .max(20)
    .nullish(),
  locale: locale().nullish(),
  timezone: timezone().nullish(),
  birthday: birthday.nullish(),
  country: countryCode().nullish(),
  note: text(10_000).nullish(),
  quietHours: quietHours.nullish(),
  contactPoints: listOf(contactPointInput, maxContactPoints).nullish(),
  externalIds: listOf(externalIdInput, 50).nullish(),
  addresses: listOf(addressInput, 50).nullish(),
  tags: listOf(name(100), 100).nullish(),
  expectedVersion,
  revive: z.boolean().nullish(),
});

export type CustomerInput = z.output<typeof customerInput>;

/** Parsed input. `places` holds the original positions of its contact points; `warnings` explain the skipped ones. */
export type CustomerItem = { customer: CustomerInput; places: number[]; warnings: DomainError[] };

export function parseCustomer(input: unknown): CustomerItem {
  const customer = parseInput(customerInput, input);
  return { customer, places: [...(customer.contactPoints ?? []).keys()], warnings: [] };
}

/** Parses a customer, and skips malformed contact points with a warning. */
export function parseCustomerLeniently(input: unknown): CustomerItem {
  if (typeof input !== 'object' || input === null || !('contactPoints' in input)) return parseCustomer(input);
  const given = input.contactPoints;
  if (!Array.isArray(given) || given.length > maxContactPoints) return parseCustomer(input);
  const warnings: DomainError[] = [];
  const kept = [...given.entries()].filter(([i, point]) => {
    const parsed = attempt(() => parseInput(contactPointInput, point, 'contactPoints', i));
    if (refused(parsed)) warnings.push(parsed);
    return !refused(parsed);
  });
  const item = parseCustomer({ ...input, contactPoints: kept.map(([, point]) => point) });
  return { ...item, places: kept.map(([i]) => i), warnings };
}
