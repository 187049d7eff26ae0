import { builder } from './builder.ts';

export const ExternalIdInput = builder.inputType('ExternalIdInput', {
  description: 'What another system calls a thing.',
  fields: (t) => ({
    source: t.string({ required: true, description: 'The other system, in your words: "shop", "pos-berlin".' }),
    value: t.string({ required: true, description: 'Its id there.' }),
  }),
});

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
