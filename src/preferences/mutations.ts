import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder, type InputFields } from '../graphql/builder.ts';
import { defineMutation, defineWrites } from '../graphql/writes.ts';
import { definePreference, retractPreference, setPreference } from './preferences.ts';
import { confirmPreference, rejectPreference } from './proposals.ts';
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
    isProposed: t.boolean({
      description:
        'Only proposes the value. It is not in force until `confirmPreference`, or until the customer states it.',
    }),
    doNotUse: t.boolean({ description: 'Known, but they do not want it used.' }),
    source: t.string({
      description: 'Where the value comes from. Omitted: kept from the same value if it is in force or proposed.',
    }),
    evidence: t.field({
      type: 'JSON',
      description:
        'What the value rests on: IDs of interactions or order lines. Omitted: kept from the same value if it is in force or proposed.',
    }),
    validFrom: t.field({
      type: 'DateTime',
      description:
        'Since when the value holds. In the future: it is SCHEDULED and comes into force then. Defaults to now.',
    }),
    validUntil: t.field({
      type: 'DateTime',
      description:
        'Until when the value holds; after `validFrom`, or in the future without it. The value before it does not come back then. ' +
        'Omitted: no end.',
    }),
  }),
});

addWrite({
  name: 'setPreference',
  scope,
  input: SetPreferenceInput,
  write: setPreference,
  description:
    'Records a preference. It comes into force at `validFrom`, unless a stronger or newer value holds then: `status` is SUPERSEDED at once. ' +
    'A value in force confirms an open proposal of the same value, which becomes this preference. A STATED value also rejects the other open ' +
    'proposals for the key. NOOP if the same value is known with the same origin, confidence, end, source and evidence, and for a proposal ' +
    'that was rejected, unless a later `validFrom` is given.',
});

const preferenceId = (t: InputFields) => t.id({ required: true, description: 'ID of the proposed preference.' });

addWrite({
  name: 'confirmPreference',
  scope,
  input: builder.inputType('ConfirmPreferenceInput', {
    description: 'The proposal to confirm.',
    fields: (t) => ({ id: preferenceId(t) }),
  }),
  write: confirmPreference,
  description:
    'Puts a PROPOSED preference into force from now on, in place of any value in force, or schedules it if its `validFrom` is in the ' +
    'future. Settles the other open proposals for the key. NOOP if it was confirmed before. Fails with `CONFLICT` if it was rejected or ' +
    'has expired.',
});

addWrite({
  name: 'rejectPreference',
  scope,
  input: builder.inputType('RejectPreferenceInput', {
    description: 'The proposal to turn down.',
    fields: (t) => ({ id: preferenceId(t) }),
  }),
  write: rejectPreference,
  description:
    'Turns a PROPOSED preference down. NOOP if it was rejected before. Fails with `CONFLICT` if it is not an open proposal.',
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
  description:
    'Ends the value in force and the values scheduled for the key. Nothing takes their place. Fails with `NOT_FOUND` if there are none.',
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
