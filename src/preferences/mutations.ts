import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder, type InputFields } from '../graphql/builder.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { defineMutation, defineWrites } from '../graphql/mutations/define-mutation.ts';
import { definePreference, retractPreference, setPreference } from './preferences.ts';
import { confirmPreference, rejectPreference } from './proposals.ts';
import { PreferenceOriginEnum } from './schema.ts';
import { PreferenceValueInput, PreferenceValueTypeEnum } from './value-type.ts';

const scope = 'preferences:write';
const addWrite = defineWrites('Preference', 'preference', 'The preference, as it is after the write.');

const SetPreferenceInput = builder.inputType('SetPreferenceInput', {
  description: 'Preference to record for a customer.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
    key: t.string({
      required: true,
      description: 'Key of the preference: up to 100 letters, digits, dots, dashes and underscores.',
    }),
    value: t.field({
      type: PreferenceValueInput,
      required: true,
      description: 'Value of the preference. If the key is defined, the value must have the defined type.',
    }),
    origin: t.field({
      type: PreferenceOriginEnum,
      required: true,
      description: 'Origin of the value: stated, observed or inferred.',
    }),
    confidence: t.float({ description: 'Confidence in the value, from 0 to 1. Defaults to 1.' }),
    isProposed: t.boolean({
      description:
        'Whether to only propose the value. A proposal is not in force until it is confirmed or the customer states ' +
        'the value. Defaults to false.',
    }),
    doNotUse: t.boolean({ description: 'Whether the customer does not want this preference used. Defaults to false.' }),
    source: t.string({
      description: 'Source of the value. If omitted, the same value in force or proposed keeps its source.',
    }),
    evidence: t.field({
      type: 'JSON',
      description:
        'Evidence for the value, such as IDs of interactions or order lines. If omitted, the same value in force or ' +
        'proposed keeps its evidence.',
    }),
    validFrom: t.field({
      type: 'DateTime',
      description: 'When the value takes effect. A value in the future is `SCHEDULED` until then. Defaults to now.',
    }),
    validUntil: t.field({
      type: 'DateTime',
      description:
        'When the value expires. Must be after `validFrom`, or in the future if `validFrom` is omitted. When the ' +
        'value expires, the previous value does not come back. Defaults to never.',
    }),
  }),
});

addWrite({
  name: 'setPreference',
  scope,
  input: SetPreferenceInput,
  write: setPreference,
  description:
    'Records a preference. The preference takes effect at `validFrom`. If a stronger or newer value is in ' +
    'force at that time, `status` is `SUPERSEDED` immediately. A value in force confirms an open proposal of ' +
    'the same value, which becomes this preference. A `STATED` value also rejects the other open proposals ' +
    'for the key. Returns `NOOP` if the same value is already stored with the same origin, confidence, end, ' +
    'source and evidence. Also returns `NOOP` for a proposal that was rejected, unless a later `validFrom` ' +
    'is given.',
});

const preferenceId = (t: InputFields) => t.id({ required: true, description: 'ID of the proposed preference.' });

addWrite({
  name: 'confirmPreference',
  scope,
  input: builder.inputType('ConfirmPreferenceInput', {
    description: 'Proposed preference to confirm.',
    fields: (t) => ({ id: preferenceId(t) }),
  }),
  write: confirmPreference,
  description:
    'Confirms a `PROPOSED` preference. The preference takes effect, replaces any value in force, and settles ' +
    'the other open proposals for the key. If its `validFrom` is in the future, the preference is only ' +
    'scheduled. Returns `NOOP` if the preference was already confirmed. Fails with `CONFLICT` if it was ' +
    'rejected or has expired.',
});

addWrite({
  name: 'rejectPreference',
  scope,
  input: builder.inputType('RejectPreferenceInput', {
    description: 'Proposed preference to reject.',
    fields: (t) => ({ id: preferenceId(t) }),
  }),
  write: rejectPreference,
  description:
    'Rejects a `PROPOSED` preference. Returns `NOOP` if the preference was already rejected. Fails with ' +
    '`CONFLICT` if the preference is not an open proposal.',
});

const RetractPreferenceInput = builder.inputType('RetractPreferenceInput', {
  description: 'Preference to end without a replacement.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
    key: t.string({ required: true, description: 'Key of the preference.' }),
  }),
});

addWrite({
  name: 'retractPreference',
  scope,
  input: RetractPreferenceInput,
  write: retractPreference,
  description:
    'Ends the value in force and the scheduled values for the key, without a replacement. Fails with ' +
    '`NOT_FOUND` if there are no such values.',
});

const DefinePreferenceInput = builder.inputType('DefinePreferenceInput', {
  description: 'Definition of a preference key.',
  fields: (t) => ({
    key: t.string({
      required: true,
      description: 'Key to define: up to 100 letters, digits, dots, dashes and underscores.',
    }),
    label: t.string({ description: 'Human-readable name of the key. Defaults to the key.' }),
    valueType: t.field({
      type: PreferenceValueTypeEnum,
      required: true,
      description: 'Data type of the key’s values.',
    }),
    allowedValues: t.stringList({ description: 'Values that the key accepts. Defaults to any value of the type.' }),
    isSensitive: t.boolean({
      description: 'Whether values are sensitive, such as health data. Defaults to false.',
    }),
  }),
});

const DefinePreferencePayload = builder.objectRef<{ key: string }>('DefinePreferencePayload').implement({
  extensions: valueObject,
  description: 'Result of defining a preference key.',
  fields: (t) => ({
    preferenceDefinition: t.prismaField({
      type: 'PreferenceDefinition',
      description: 'Definition that applies from now on.',
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
  description: 'Defines a preference key, or replaces its definition. Values recorded earlier do not change.',
});
