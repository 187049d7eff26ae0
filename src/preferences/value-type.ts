import { builder } from '../graphql/builder.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import type { PreferenceValue } from './values.ts';

export const PreferenceValueTypeEnum = describedEnum('PreferenceValueType', 'Data type of a preference key’s values.', {
  STRING: 'Text of up to 1,000 characters.',
  NUMBER: 'Number, with or without decimals.',
  BOOLEAN: 'Boolean: true or false.',
  STRING_LIST: 'List of up to 100 strings.',
  DATE: 'Calendar date, such as `2026-11-21`.',
});

export const PreferenceValueObject = builder.objectRef<PreferenceValue>('PreferenceValue').implement({
  extensions: valueObject,
  description:
    'Value of a preference. `text` is always set. Of the other fields with a value, only the field for the ' +
    'value’s type is set.',
  fields: (t) => ({
    type: t.field({
      type: PreferenceValueTypeEnum,
      description: 'Data type of the value.',
      resolve: ({ valueType }) => valueType,
    }),
    text: t.string({
      description: 'Value as text. Lists are joined with commas.',
      resolve: ({ values }) => values.join(', '),
    }),
    string: t.string({
      nullable: true,
      description: 'Value of a `STRING`. Null for other types.',
      resolve: (value) => textOf(value, 'STRING'),
    }),
    number: t.float({
      nullable: true,
      description: 'Value of a `NUMBER`. Null for other types.',
      resolve: (value) => {
        const text = textOf(value, 'NUMBER');
        return text === null ? null : Number(text);
      },
    }),
    boolean: t.boolean({
      nullable: true,
      description: 'Value of a `BOOLEAN`. Null for other types.',
      resolve: (value) => {
        const text = textOf(value, 'BOOLEAN');
        return text === null ? null : text === 'true';
      },
    }),
    stringList: t.stringList({
      nullable: true,
      description: 'Values of a `STRING_LIST`. Null for other types.',
      resolve: ({ valueType, values }) => (valueType === 'STRING_LIST' ? values : null),
    }),
    date: t.string({
      nullable: true,
      description: 'Value of a `DATE`, such as `2026-11-21`. Null for other types.',
      resolve: (value) => textOf(value, 'DATE'),
    }),
  }),
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

function textOf({ valueType, values }: PreferenceValue, wanted: PreferenceValue['valueType']): string | null {
  return valueType === wanted ? (values[0] ?? null) : null;
}
