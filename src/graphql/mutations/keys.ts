import { nounOf, withArticle } from '../../lib/text/nouns.ts';
import { builder, type InputFields } from '../builder.ts';

export const ExternalIdInput = builder.inputType('ExternalIdInput', {
  description: 'ID of an object in another system.',
  fields: (t) => ({
    source: t.string({
      required: true,
      description: 'Name you give to the other system, such as "shop" or "pos-berlin".',
    }),
    value: t.string({ required: true, description: 'ID of the object in that system.' }),
  }),
});

/** Returns the input field for optimistic concurrency control. */
export function expectedVersion(t: InputFields) {
  return t.int({
    description:
      'Version that the object must have, or 0 if it must not exist yet. Otherwise the write fails with `CONFLICT` ' +
      'and `currentVersion`. Omit it to write unconditionally.',
  });
}

/** Returns the input field for the time of a change, which point-in-time reads use. */
export function changedAt(t: InputFields) {
  return t.field({
    type: 'DateTime',
    description:
      'When an existing object changed. `customerContext(asOf:)` shows the previous values for any earlier time. ' +
      'Defaults to now, and a future time counts as now. If it is not after the previous change, the write corrects ' +
      'that change.',
  });
}

const keys = new Map<string, ReturnType<typeof defineKey>>();

/** Returns the key input of a type, such as `ProductKey`: an ID or an external ID. The first call defines it. */
export function keyInput(type: string) {
  const key = keys.get(type) ?? defineKey(type);
  keys.set(type, key);
  return key;
}

function defineKey(type: string) {
  const noun = nounOf(type);
  return builder.inputType(`${type}Key`, {
    description: `Key that identifies ${withArticle(noun)}. Set exactly one field.`,
    isOneOf: true,
    fields: (t) => ({
      id: t.id({ description: `ID of the ${noun}.` }),
      externalId: t.field({ type: ExternalIdInput, description: `ID of the ${noun} in another system.` }),
    }),
  });
}
