import type { InputRef } from '@pothos/core';
import type { Db } from '../db/database.ts';
import type { Written } from '../lib/written.ts';
import { builder } from './builder.ts';
import { describedEnum } from './enums.ts';

const Outcome = describedEnum('WriteOutcome', 'What a write did.', {
  CREATED: 'There was no such thing; there is now.',
  UPDATED: 'It was there and is different now.',
  NOOP: 'It was there and says the same already; nothing was written.',
});

type Write = {
  name: string;
  description: string;
  input: InputRef<unknown>;
  scope: string;
  write: (db: Db, input: unknown) => Promise<Written>;
};

/**
 * The writes of one type: each takes one `input` and answers `{ <field>, outcome }`, the thing as it is afterwards.
 * Models are named by text here, beyond what Pothos' types can follow: hence the casts.
 */
export function defineWrites(typeName: string, field: string, describedAs: string) {
  const type = typeName as 'Customer';
  const delegate = field as 'customer';
  const Payload = builder.objectRef<Written>(`${typeName}Payload`).implement({
    description: `What a write of a ${typeName} answers.`,
    fields: (t) => ({
      [field]: t.prismaField({
        type,
        description: describedAs,
        resolve: (query, { id }, _args, { db }) =>
          db[delegate].findUniqueOrThrow({ ...query, where: { workspaceId_id: { workspaceId: db.workspaceId, id } } }),
      }),
      outcome: t.field({ type: Outcome, description: 'What the write did.', resolve: ({ outcome }) => outcome }),
    }),
  });

  return ({ name, description, input, scope, write }: Write): void => {
    builder.mutationField(name, (t) =>
      t.field({
        type: Payload,
        description,
        authScopes: { scope },
        args: { input: t.arg({ type: input as InputRef<object>, required: true, description: 'What to write.' }) },
        resolve: (_root, { input }, { db }) => write(db, input),
      }),
    );
  };
}
