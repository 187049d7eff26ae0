import { type EntityKey, entityKey, findEntities, type KeyedType } from '../../db/entity-keys.ts';
import { parseInput } from '../../lib/fields.ts';
import { nounOf } from '../../lib/text/nouns.ts';
import { builder } from '../builder.ts';
import { keyInput } from '../mutations/keys.ts';
import { rowField } from '../sql/row-field.ts';

type Lookup = { type: KeyedType; name: string; scope: string; description: string };

/**
 * Defines `Query.<name>(by:)` for a type with external IDs, and the `<Type>Key` input it takes. The type name is a
 * string that the types of Pothos cannot check, hence the casts.
 */
export function defineLookup({ type, name, scope, description }: Lookup) {
  const Key = keyInput(type);
  const schema = entityKey(type);
  const delegate = name as 'order';
  builder.queryField(name, (t) =>
    t.prismaField({
      type: type as 'Order',
      nullable: true,
      description,
      authScopes: { scope },
      args: { by: t.arg({ type: Key, required: true, description: `Key of the ${nounOf(type)} to find.` }) },
      extensions: {
        query: rowField(type, ({ by }) => {
          const { id, externalId }: EntityKey = parseInput(schema, by, 'by');
          return externalId ? { source: externalId.source, externalId: externalId.value } : { id };
        }),
      },
      resolve: async (query, _root, { by }, { db }) => {
        const key: EntityKey = parseInput(schema, by, 'by');
        const [id] = key.id ? [key.id] : await findEntities(db, type, [key]);
        const { workspaceId } = db;
        return id ? db[delegate].findUnique({ ...query, where: { workspaceId_id: { workspaceId, id } } }) : null;
      },
    }),
  );
}
