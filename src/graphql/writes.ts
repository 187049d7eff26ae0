import type { InputRef, TypeParam } from '@pothos/core';
import { type GraphQLResolveInfo, Kind } from 'graphql';
import type { Db } from '../db/database.ts';
import { inTheNameOf, type Once } from '../db/journal.ts';
import { goneRefusal, type WrittenModel } from '../db/replay.ts';
import { name, parseInput } from '../lib/fields.ts';
import type { Written } from '../lib/written.ts';
import { valueBytesOf } from './audit-budget.ts';
import { authorOf } from './author.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { describedEnum } from './enums.ts';

type Types = typeof builder.$inferSchemaTypes;

type Mutation<Type, Result> = {
  name: string;
  description: string;
  type: Type;
  input: InputRef<unknown>;
  scope: string;
  /** The table of the row that it answers, where rows of it may go. A replay is refused once the row is gone. */
  model?: WrittenModel;
  /** What is written with `db` is written in the name of the key that asks, and once where it says so. */
  write: (db: Db, input: unknown, context: Context) => Promise<Result>;
};

/** A mutation: one `input`, and an `idempotencyKey` with which it happens once. Null when it fails, with an error at its path. */
export function defineMutation<Type extends TypeParam<Types>, Result>(mutation: Mutation<Type, Result>): void {
  const { name: operation, description, type, input, scope, model, write } = mutation;
  builder.mutationField(operation, (t) =>
    t.field({
      type,
      // One that fails must not take along what the others of the request wrote.
      nullable: true,
      description,
      authScopes: { scope },
      args: {
        input: t.arg({ type: input as InputRef<object>, required: true, description: 'What to write.' }),
        idempotencyKey: t.arg.string({
          description:
            'Your name for this write, up to 255 characters. Sent again within a day it writes nothing and answers as before; ' +
            'IDEMPOTENCY_MISMATCH where it asks for something else, and CONFLICT or NOT_FOUND where what it wrote was erased or ' +
            'removed since. The header `Idempotency-Key` says the same.',
        }),
      },
      resolve: (_root, { input, idempotencyKey }, context, info) => {
        const once = onceOf(idempotencyKey, context, info);
        const asked = once === null ? null : { key: once, request: [operation, input], model };
        const db = inTheNameOf(context.db, authorOf(context, operation), asked, valueBytesOf(input, context, info));
        return write(db, input, context) as never;
      },
    }),
  );
}

// The header names the request; where that writes several things, each is told from the others by its place.
function onceOf(key: string | null | undefined, context: Context, info: GraphQLResolveInfo): Once['key'] | null {
  if (key !== null && key !== undefined) return keyOf(key);
  const header = context.idempotencyKey;
  if (header === null) return null;
  const { selections } = info.operation.selectionSet;
  const isAlone = selections.length === 1 && selections[0]?.kind === Kind.FIELD;
  return isAlone ? keyOf(header) : `${keyOf(header)}\n${info.path.key}`;
}

function keyOf(given: string): string {
  return parseInput(name(255), given, 'idempotencyKey');
}

const Outcome = describedEnum('WriteOutcome', 'What a write did.', {
  CREATED: 'There was no such thing; there is now.',
  UPDATED: 'It was there and is different now.',
  NOOP: 'It was there and says the same already; nothing was written.',
});

/**
 * The writes of one type: each takes one `input` and answers `{ <field>, outcome }`, the thing as it is afterwards.
 * Models are named by text here, beyond what Pothos' types can follow: hence the casts.
 */
export function defineWrites(typeName: WrittenModel, field: string, describedAs: string) {
  const type = typeName as 'Customer';
  const delegate = field as 'customer';
  const Payload = builder.objectRef<Written>(`${typeName}Payload`).implement({
    description: `What a write of a ${typeName} answers.`,
    fields: (t) => ({
      [field]: t.prismaField({
        type,
        description: describedAs,
        resolve: async (query, { id }, _args, { db }) => {
          const where = { workspaceId_id: { workspaceId: db.workspaceId, id } };
          const row = await db[delegate].findUnique({ ...query, where });
          // It may go between the write and this answer.
          if (!row) throw goneRefusal(typeName);
          return row;
        },
      }),
      outcome: t.field({ type: Outcome, description: 'What the write did.', resolve: ({ outcome }) => outcome }),
    }),
  });
  return (write: Omit<Mutation<typeof Payload, Written>, 'type' | 'model'>): void =>
    defineMutation({ ...write, type: Payload, model: typeName });
}
