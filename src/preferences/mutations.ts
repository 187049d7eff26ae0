import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { defineMutation, defineWrites } from '../graphql/writes.ts';
import { definePreference, retractPreference, setPreference } from './preferences.ts';
import { PreferenceOriginEnum } from './schema.ts';
import { PreferenceValueInput, PreferenceValueTypeEnum } from './value-type.ts';

const scope = 'preferences:write';
const addWrite = defineWrites('Preference', 'preference', 'The preference as it is kept.');

const SetPreferenceInput = builder.inputType('SetPreferenceInput', {
  description: 'Something a customer likes or wants.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who.' }),
    key: t.string({
      required: true,
      description: 'What it is about: letters, digits, dots, dashes, underscores; up to 100.',
    }),
    value: t.field({
      type: PreferenceValueInput,
      required: true,
      description: 'The value; of the type that a definition of the key asks for.',
    }),
    origin: t.field({ type: PreferenceOriginEnum, required: true, description: 'How we know.' }),
    confidence: t.float({ description: 'How sure we are, 0 to 1. Unless told, 1.' }),
    isProposed: t.boolean({ description: 'Only propose it: it is not in force until somebody confirms it.' }),
    doNotUse: t.boolean({ description: 'Known, but they do not want it used.' }),
    source: t.string({ description: 'Where it comes from.' }),
    evidence: t.field({ type: 'JSON', description: 'What it rests on: ids of interactions, order lines.' }),
    validFrom: t.field({ type: 'DateTime', description: 'Since when. Unless told, now.' }),
    validUntil: t.field({ type: 'DateTime', description: 'Until when. Left out: no end.' }),
  }),
});

addWrite({
  name: 'setPreference',
  scope,
  input: SetPreferenceInput,
  write: setPreference,
  description:
    'Records what somebody likes. It comes into force, unless a stronger or newer value holds: then `status` is SUPERSEDED at once. NOOP where the same is known.',
});

const RetractPreferenceInput = builder.inputType('RetractPreferenceInput', {
  description: 'A preference that no longer holds.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who.' }),
    key: t.string({ required: true, description: 'What it was about.' }),
  }),
});

addWrite({
  name: 'retractPreference',
  scope,
  input: RetractPreferenceInput,
  write: retractPreference,
  description: 'Ends the value in force; nothing takes its place. NOT_FOUND where none is.',
});

const DefinePreferenceInput = builder.inputType('DefinePreferenceInput', {
  description: 'What the workspace means by a key.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The key: letters, digits, dots, dashes, underscores; up to 100.' }),
    label: t.string({ description: 'Its name for people. Unless told, the key.' }),
    valueType: t.field({
      type: PreferenceValueTypeEnum,
      required: true,
      description: 'The type its values must have.',
    }),
    allowedValues: t.stringList({ description: 'The values it takes. Left out: any of the type.' }),
    isSensitive: t.boolean({ description: 'Whether it says something delicate, such as health.' }),
  }),
});

const DefinePreferencePayload = builder.objectRef<{ key: string }>('DefinePreferencePayload').implement({
  description: 'A key that was named.',
  fields: (t) => ({
    preferenceDefinition: t.prismaField({
      type: 'PreferenceDefinition',
      description: 'What it means from now on.',
      resolve: (query, { key }, _args, { db: { preferenceDefinition, workspaceId } }) =>
        preferenceDefinition.findUniqueOrThrow({ ...query, where: { workspaceId_key: { workspaceId, key } } }),
    }),
  }),
});

defineMutation({
  name: 'definePreference',
  type: DefinePreferencePayload,
  scope,
  input: DefinePreferenceInput,
  write: definePreference,
  description: 'Names a key, or says anew what it means. Values recorded before stay as they are.',
});
