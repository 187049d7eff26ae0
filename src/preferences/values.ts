import { z } from 'zod';
import type { PreferenceValueType } from '../db/generated/prisma/enums.ts';
import { calendarDate, listOf, text } from '../lib/fields.ts';
import { isBlank } from '../lib/invisible.ts';

/** A preference's value in its one text form: a list holds several texts, every other type exactly one. */
export type PreferenceValue = { valueType: PreferenceValueType; values: string[] };

// Kept exactly as sent: spaces and line breaks may matter to the sender.
const textValue = (max: number) =>
  text(max).refine((value) => !isBlank(value), 'Must not be blank. Send the text, or retract the preference.');

/** A value that the definition of a key allows, compared with what is sent character by character. */
export const allowedValue = textValue(300);

/** Exactly one of its fields says both the type and the value. */
export const preferenceValueInput = z
  .strictObject({
    string: textValue(1_000).nullish(),
    number: z.number().nullish(),
    boolean: z.boolean().nullish(),
    stringList: listOf(textValue(300), 100)
      .refine(({ length }) => length > 0, 'Must not be empty.')
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
    context.addIssue({ code: 'custom', message: 'Give exactly one of string, number, boolean, stringList, date.' });
    return z.NEVER;
  });

export function isSameValue(a: PreferenceValue, b: PreferenceValue): boolean {
  return (
    a.valueType === b.valueType &&
    a.values.length === b.values.length &&
    a.values.every((value, i) => value === b.values[i])
  );
}
