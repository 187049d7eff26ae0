import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';

export const PreferenceValueTypeEnum = describedEnum('PreferenceValueType', 'Data type of a preference key’s values.', {
  STRING: 'Text of up to 1,000 characters.',
  NUMBER: 'Number, with or without decimals.',
  BOOLEAN: 'Boolean: true or false.',
  STRING_LIST: 'List of up to 100 strings.',
  DATE: 'Calendar date, such as `2026-11-21`.',
});

export const PreferenceValueInput = builder.inputType('PreferenceValueInput', {
  description: 'Value of a preference. The field you set determines its type.',
  isOneOf: true,
  fields: (t) => ({
    string: t.string({ description: 'Text of up to 1,000 characters, stored exactly as sent. Must not be blank.' }),
    number: t.float({ description: 'Number, with or without decimals.' }),
    boolean: t.boolean({ description: 'Boolean: true or false.' }),
    stringList: t.stringList({
      description:
        'List of up to 100 strings of up to 300 characters each, stored as sent and in this order. Duplicates are ' +
        'dropped.',
    }),
    date: t.string({ description: 'Calendar date, such as `2026-11-21`.' }),
  }),
});
