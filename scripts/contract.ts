import { findBreakingChanges, type GraphQLNamedType, type GraphQLSchema, isEnumType, isInputObjectType } from 'graphql';

/** The version bump of a changeset, and its text for the changelog. */
export type Changeset = { bump: 'major' | 'minor' | 'patch' | null; text: string };

export function readChangeset(source: string): Changeset {
  const [, head = '', text = ''] = /^---\n(.*?)---\n(.*)$/s.exec(source) ?? [];
  const bump = /['"]@rapport\/sdk['"]: (major|minor|patch)/.exec(head)?.[1] ?? null;
  return { bump: bump as Changeset['bump'], text };
}

/**
 * Returns the problems of a schema that follows a release: breaking changes whose coordinate (`Customer.note`) no
 * changeset with a sufficient version bump names, and deprecations without a removal date.
 */
export function contractProblems(
  released: GraphQLSchema,
  version: string,
  schema: GraphQLSchema,
  changesets: Changeset[],
): string[] {
  // Before 1.0.0, a minor version may contain breaking changes.
  const enough = version.startsWith('0.') ? ['minor', 'major'] : ['major'];
  const named = changesets.filter(({ bump }) => enough.includes(bump ?? '')).map(({ text }) => text);
  const breaking = findBreakingChanges(released, schema).filter(({ description }) => {
    const [coordinate = description] = /\b[A-Z]\w*(\.\w+)?/.exec(description) ?? [];
    return !named.some((text) => text.includes(`\`${coordinate}\``));
  });
  return [
    ...breaking.map(({ description }) => `No changeset (${enough.join(' or ')}) names this change: ${description}`),
    ...undated(schema).map((coordinate) => `${coordinate} has no removal date. Add: Removed after YYYY-MM-DD.`),
  ];
}

function undated(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .flatMap(deprecatedIn)
    .filter(([, reason]) => !/\bRemoved after \d{4}-\d{2}-\d{2}\b/.test(reason))
    .map(([coordinate]) => coordinate);
}

type Deprecatable = { name: string; deprecationReason?: string | null | undefined };

function deprecatedIn(type: GraphQLNamedType): [coordinate: string, reason: string][] {
  if (type.name.startsWith('__')) return [];
  const of = (parent: string, members: readonly Deprecatable[]) =>
    members.flatMap(({ name, deprecationReason }): [string, string][] =>
      deprecationReason == null ? [] : [[`${parent}.${name}`, deprecationReason]],
    );
  if (isEnumType(type)) return of(type.name, type.getValues());
  if (!('getFields' in type)) return [];
  if (isInputObjectType(type)) return of(type.name, Object.values(type.getFields()));
  const fields = Object.values(type.getFields());
  return [...of(type.name, fields), ...fields.flatMap(({ name, args }) => of(`${type.name}.${name}`, args))];
}
