import { builder, type InputFields } from './builder.ts';

export const ExternalIdInput = builder.inputType('ExternalIdInput', {
  description: 'What another system calls a thing.',
  fields: (t) => ({
    source: t.string({ required: true, description: 'The other system, in your words: "shop", "pos-berlin".' }),
    value: t.string({ required: true, description: 'Its id there.' }),
  }),
});

/** The field of an update that says what it is based on. */
export function expectedVersion(t: InputFields) {
  return t.int({
    description:
      'Write only if the thing is at this `version`, 0 for one that must be new; CONFLICT with `currentVersion` otherwise. Left out: write anyway.',
  });
}

/** The field of an update that says when it came to be, for whoever asks how things stood at an instant. */
export function changedAt(t: InputFields) {
  return t.field({
    type: 'DateTime',
    description:
      'When a known one came to be so: `customerContext(asOf:)` answers any earlier instant by what it was before. Unless told, or later ' +
      'than now: now. Not after the change before it: that one is corrected.',
  });
}

const keys = new Map<string, ReturnType<typeof defineKey>>();

/** `ProductKey`, `OrderKey` …: a thing by our id or by another system's. Whoever asks first defines it. */
export function keyInput(type: string) {
  const key = keys.get(type) ?? defineKey(type);
  keys.set(type, key);
  return key;
}

function defineKey(type: string) {
  return builder.inputType(`${type}Key`, {
    description: `What a ${type} is known by: exactly one of these.`,
    isOneOf: true,
    fields: (t) => ({
      id: t.id({ description: 'Our id.' }),
      externalId: t.field({ type: ExternalIdInput, description: 'An id in another system.' }),
    }),
  });
}
