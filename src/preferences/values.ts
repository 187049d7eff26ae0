import { z } from 'zod';
import type { PreferenceValueType } from '../db/generated/prisma/enums.ts';
import { calendarDate, name } from '../lib/fields.ts';

/** A preference's value in its one text form: a list holds several texts, every other type exactly one. */
export type PreferenceValue = { valueType: PreferenceValueType; values: string[] };

/** Exactly one of its fields says both the type and the value. */
export const preferenceValueInput = z
  .strictObject({
    string: name(1_000).nullish(),
    number: z.number().nullish(),
    boolean: z.boolean().nullish(),
    stringList: z.array(name(300)).min(1).max(100).nullish(),
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
