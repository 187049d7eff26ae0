import * as z from 'zod';
import type { PreferenceValueType } from '../db/generated/prisma/enums.ts';
import { calendarDate, listOf, text } from '../lib/fields.ts';
import { isBlank } from '../lib/text/invisible.ts';

/** Value of a preference in text form. A list has several texts; every other type has exactly one. */
export type PreferenceValue = { valueType: PreferenceValueType; values: string[] };

// Text is stored exactly as sent, because spaces and line breaks may matter to the sender.
const textValue = (max: number) =>
  text(max).refine((value) => !isBlank(value), 'Must not be blank. Send some text, or use `retractPreference`.');

/** Allowed value in the definition of a key. It is compared with sent values character by character. */
export const allowedValue = textValue(300);

/** Input of a value. Exactly one field is set, which determines the type and the value. */
export const preferenceValueInput = z
  .strictObject({
    string: textValue(1_000).nullish(),
    number: z.number().nullish(),
    boolean: z.boolean().nullish(),
    stringList: listOf(textValue(300), 100)
      .refine(({ length }) => length > 0, 'Must contain at least one string.')
      .nullish(),
    date: calendarDate().nullish(),
  })
  .transform(({ string, number, boolean, stringList, date }, context): PreferenceValue => {
    const given: PreferenceValue[] = [];
    if (string != null) given.push({ valueType: 'STRING', values: [string] });
    if (number != null) given.push({ valueType: 'NUMBER', values: [String(number)] });
    if (boolean != null) given.push({ valueType: 'BOOLEAN', values: [String(boolean)] });
    if (stringList != null) given.push({ valueType: 'STRING_LIST', values: [...new Set(stringList)] });
    if (date != null) given.push({ valueType: 'DATE', values: [date] });
    const [value] = given;
    if (value && given.length === 1) return value;
    context.addIssue({
      code: 'custom',
      message: 'Send exactly one of `string`, `number`, `boolean`, `stringList` and `date`.',
    });
    return z.NEVER;
  });

/** Returns a value as JSON of its type. */
export function typedValue({ valueType, values }: PreferenceValue): string | number | boolean | string[] {
  const [text = ''] = values;
  switch (valueType) {
    case 'NUMBER':
      return Number(text);
    case 'BOOLEAN':
      return text === 'true';
    case 'STRING_LIST':
      return values;
    default:
      return text;
  }
}

export function isSameValue(a: PreferenceValue, b: PreferenceValue): boolean {
  return (
    a.valueType === b.valueType &&
    a.values.length === b.values.length &&
    a.values.every((value, i) => value === b.values[i])
  );
}
