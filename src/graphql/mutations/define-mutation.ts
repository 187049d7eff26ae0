import type { InputRef, TypeParam } from '@pothos/core';
import { type GraphQLResolveInfo, Kind } from 'graphql';
import type { Db } from '../../db/database.ts';
import { asDryRun } from '../../db/write/dry-run.ts';
import { withActor } from '../../db/write/idempotency.ts';
import { deletedError, type IdempotentRequest, type WrittenModel } from '../../db/write/replay.ts';
import { name, parseInput } from '../../lib/fields.ts';
import { nounOf, withArticle } from '../../lib/text/nouns.ts';
import type { UpsertResult } from '../../lib/upsert-result.ts';
import { actorOf } from '../actor.ts';
import { builder, type ObjectFields } from '../builder.ts';
import type { Context } from '../context.ts';
import { cost, valueObject } from '../cost/points.ts';
import { describedEnum } from '../enums/described-enum.ts';
import { rowField } from '../sql/row-field.ts';
import { valueBytesOf } from './audit-budget.ts';

type Types = typeof builder.$inferSchemaTypes;

type Mutation<Type, Result> = {
  name: string;
  description: string;
  type: Type;
  input: InputRef<unknown>;
  scope: string;
  /** Model of the returned row, if its rows can be deleted. A replay fails once the row is gone. */
  model?: WrittenModel;
  /** Performs the write. `db` records the calling key as the actor and applies the idempotency key. */
  write: (db: Db, input: unknown, context: Context) => Promise<Result>;
};

/** Defines a mutation with an `input` and an `idempotencyKey`. Null if it fails, with an error at its path. */
export function defineMutation<Type extends TypeParam<Types>, Result>(mutation: Mutation<Type, Result>): void {
  const { name: operation, description, type, input, scope, model, write } = mutation;
  builder.mutationField(operation, (t) =>
    t.field({
      type,
      // A failed mutation must not discard the results of the others in the request.
      nullable: true,
      description,
      authScopes: { scope },
      // A write that fails costs as much as one that finds nothing to change.
      extensions: cost({ points: 1 }),
      args: {
        input: t.arg({ type: input as InputRef<object>, required: true, description: describeInput(operation) }),
        idempotencyKey: t.arg.string({
          description:
            'Idempotency key of this write, up to 255 characters. A repeat within a day writes nothing and returns ' +
            'the first result. Fails with `IDEMPOTENCY_MISMATCH` if the repeat has a different input, and with ' +
            '`CONFLICT` or `NOT_FOUND` if the written object has since been erased or removed. Takes precedence over ' +
            'the `Idempotency-Key` header.',
        }),
      },
      resolve: (_root, { input, idempotencyKey }, context, info) => {
        const key = idempotencyKeyOf(idempotencyKey, context, info);
        const idempotency = key === null ? null : { key, request: [operation, input], model };
        const tables = context.isDryRun ? asDryRun(context.db) : context.db;
        const db = withActor(tables, actorOf(context, operation), idempotency, valueBytesOf(input, context, info));
        return write(db, input, context) as never;
      },
    }),
  );
}

// The header covers the whole request. If it has several mutations, their response keys tell them apart.
function idempotencyKeyOf(
  key: string | null | undefined,
  context: Context,
  info: GraphQLResolveInfo,
): IdempotentRequest['key'] | null {
  if (key !== null && key !== undefined) return keyOf(key);
  const header = context.idempotencyKey;
  if (header === null) return null;
  const { selections } = info.operation.selectionSet;
  const isAlone = selections.length === 1 && selections[0]?.kind === Kind.FIELD;
  return isAlone ? keyOf(header) : `${keyOf(header)}\n${info.path.key}`;
}

// Derives the description from the name of the mutation: "Fields of the order to create or update."
function describeInput(operation: string): string {
  const [, verb = '', object = ''] = /^([a-z]+)(.*)$/.exec(operation) ?? [];
  const noun = inputNouns[operation] ?? nounOf(object);
  if (verb === 'upsert') return `Fields of the ${noun} to create or update.`;
  return identifying.has(verb) ? `The ${noun} to ${verb}.` : `Fields of the ${noun} to ${verb}.`;
}

// Mutations whose name shortens the noun.
const inputNouns: Record<string, string> = {
  cancelErasure: 'erasure request',
  definePreference: 'preference key',
  recordConsent: 'consent decision',
  setRetention: 'retention periods',
};

// Verbs whose input names the object itself rather than its fields.
const identifying = new Set([
  'acknowledge',
  'cancel',
  'complete',
  'confirm',
  'reject',
  'remove',
  'reopen',
  'request',
  'resolve',
  'retract',
  'revoke',
  'set',
  'tag',
  'untag',
]);

const idempotencyKeyText = name(255);

function keyOf(given: string): string {
  return parseInput(idempotencyKeyText, given, 'idempotencyKey');
}

const Outcome = describedEnum('WriteOutcome', 'Effect of a write on the object.', {
  CREATED: 'The object did not exist and was created.',
  UPDATED: 'The object existed and was changed.',
  NOOP: 'The object already matched the input. Nothing was written.',
});

/** Name of a payload, and its fields besides the object and the outcome. */
type MoreOfPayload<Result> = {
  name: string;
  description: string;
  fields: (t: ObjectFields<Result>) => object;
};

/**
 * Defines the mutations of a type. Each takes an `input` and returns `{ <field>, outcome }` with the object after the
 * write. Model names are strings that the types of Pothos cannot check, hence the casts.
 */
export function defineWrites<Result extends UpsertResult = UpsertResult>(
  typeName: WrittenModel,
  field: string,
  describedAs: string,
  more?: MoreOfPayload<Result>,
) {
  const type = typeName as 'Customer';
  const noun = nounOf(typeName);
  const delegate = field as 'customer';
  const Payload = builder.objectRef<Result>(more?.name ?? `${typeName}Payload`).implement({
    extensions: valueObject,
    description: more?.description ?? `Result of writing ${withArticle(noun)}.`,
    fields: (t) => ({
      [field]: t.prismaField({
        type,
        description: describedAs,
        extensions: { query: rowField(typeName, (_args, { writtenId }) => ({ id: writtenId })) },
        resolve: async (query, { id }, _args, { db }) => {
          const where = { workspaceId_id: { workspaceId: db.workspaceId, id } };
          const row = await db[delegate].findUnique({ ...query, where });
          // The row may be deleted between the write and this read.
          if (!row) throw deletedError(typeName);
          return row;
        },
      }),
      outcome: t.field({
        type: Outcome,
        description: `Effect of the write on the ${noun}.`,
        resolve: ({ outcome }) => outcome,
      }),
      ...more?.fields(t as unknown as ObjectFields<Result>),
    }),
  });
  return ({ write, ...rest }: Omit<Mutation<typeof Payload, Result>, 'type' | 'model'>): void =>
    defineMutation({
      ...rest,
      type: Payload,
      model: typeName,
      write: async (db, input, context) => {
        const readBack: Db['readBack'] = async (result, read) => {
          context.writtenId = (result as Result).id;
          await context.readWritten?.(read);
        };
        const result = await write(Object.create(db, { readBack: { value: readBack } }) as Db, input, context);
        context.writtenId = result.id;
        return result;
      },
    });
}
