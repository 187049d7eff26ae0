import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import type { PreferenceValue } from './values.ts';

export const PreferenceValueTypeEnum = describedEnum('PreferenceValueType', 'What kind of value a preference has.', {
  STRING: 'A text.',
  NUMBER: 'A number.',
  BOOLEAN: 'Yes or no.',
  STRING_LIST: 'Several texts.',
  DATE: 'A day.',
});

export const PreferenceValueObject = builder.objectRef<PreferenceValue>('PreferenceValue').implement({
  description: 'A value of a preference: the field of its type is given, the others are null; `text` says any of them.',
  fields: (t) => ({
    type: t.field({ type: PreferenceValueTypeEnum, description: 'Its type.', resolve: ({ valueType }) => valueType }),
    text: t.string({
      description: 'Any value as text; a list joined by commas.',
      resolve: ({ values }) => values.join(', '),
    }),
    string: t.string({ nullable: true, description: 'Of STRING.', resolve: (value) => textOf(value, 'STRING') }),
    number: t.float({
      nullable: true,
      description: 'Of NUMBER.',
      resolve: (value) => {
        const text = textOf(value, 'NUMBER');
        return text === null ? null : Number(text);
      },
    }),
    boolean: t.boolean({
      nullable: true,
      description: 'Of BOOLEAN.',
      resolve: (value) => {
        const text = textOf(value, 'BOOLEAN');
        return text === null ? null : text === 'true';
      },
    }),
    stringList: t.stringList({
      nullable: true,
      description: 'Of STRING_LIST.',
      resolve: ({ valueType, values }) => (valueType === 'STRING_LIST' ? values : null),
    }),
    date: t.string({
      nullable: true,
      description: 'Of DATE: `2026-11-21`.',
      resolve: (value) => textOf(value, 'DATE'),
    }),
  }),
});

export const PreferenceValueInput = builder.inputType('PreferenceValueInput', {
  description: 'A value of a preference; which field is given says its type.',
  isOneOf: true,
  fields: (t) => ({
    string: t.string({ description: 'Text of up to 1,000 characters, kept exactly as sent. Blank text is refused.' }),
    number: t.float({ description: 'A number.' }),
    boolean: t.boolean({ description: 'Yes or no.' }),
    stringList: t.stringList({
      description:
        'Up to 100 texts of up to 300 characters, kept exactly as sent and in this order. Duplicates count once.',
    }),
    date: t.string({ description: 'A day: `2026-11-21`.' }),
  }),
});

function textOf({ valueType, values }: PreferenceValue, wanted: PreferenceValue['valueType']): string | null {
  return valueType === wanted ? (values[0] ?? null) : null;
}
