import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { allScopes } from '../src/access/scopes.ts';
import { scopeOf } from '../src/graphql/mutations/authorize-mutation.ts';
import { schema } from '../src/server/schema.ts';
import { unlimited, useApi } from './api.ts';
import { writeCanaries } from './canaries.ts';
import { selectionOf } from './cross-tenant-values.ts';
import { writeOneOfEverything } from './dataset.ts';
import { keyWithout } from './narrow-key.ts';
import { isAskedBare, rootFields } from './root-fields.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');

type Field = GraphQLField<unknown, unknown>;
const objects = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
});

/** Returns the scopes that a field needs: its own, those of its type, and those of each member of a union. */
function needs(field: Field): string[] {
  const type = getNamedType(field.type);
  const connected = isObjectType(type) && type.name.endsWith('Connection') ? type.getFields().nodes : undefined;
  const members = isUnionType(type) ? type.getTypes() : [];
  return [field, type, ...members]
    .flatMap((declared) => scopeOf(declared) ?? [])
    .concat(connected ? needs(connected) : []);
}

// Cursors differ between keys.
function withoutCursors(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data, (name, value) => (/cursor$/i.test(name) ? undefined : value)));
}

function hasOwnScope(declared: { extensions?: object }): boolean {
  const { pothosOptions } = (declared.extensions ?? {}) as { pothosOptions?: { authScopes?: unknown } };
  return Boolean(pothosOptions?.authScopes);
}

describe('the schema', () => {
  it('declares a scope for every root field', () => {
    const all = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    );

    expect(all.length).toBeGreaterThan(30);
    expect(all.filter((field) => !hasOwnScope(field)).map(({ name }) => name)).toEqual([]);
  });

  it('declares a scope for every type, or for all fields that return it', () => {
    const covered = new Set(objects.filter(hasOwnScope).map(({ name }) => name));
    const isCovered = (name: string): boolean => {
      const reaching = objects.flatMap((type) =>
        Object.values(type.getFields()).flatMap((field) =>
          getNamedType(field.type).name === name ? [{ type, field }] : [],
        ),
      );
      return reaching.length > 0 && reaching.every(({ type, field }) => hasOwnScope(field) || covered.has(type.name));
    };
    for (let before = -1; before < covered.size; ) {
      before = covered.size;
      for (const { name } of objects) if (isCovered(name)) covered.add(name);
    }

    expect(objects.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual(['Mutation', 'Query']);
  });

  it('declares a scope for every member of a union or interface', () => {
    const abstract = Object.values(schema.getTypeMap()).filter((type) => isUnionType(type) || isInterfaceType(type));
    const members = abstract.flatMap((type) => [...schema.getPossibleTypes(type)]);

    expect(members.length).toBeGreaterThan(15);
    expect(members.filter((type) => !hasOwnScope(type)).map(({ name }) => name)).toEqual([]);
  });
});

describe('a key without the scope', () => {
  const nouns = allScopes.filter((scope) => scope.endsWith(':read'));

  it.each(nouns)('%s sees everything else unchanged', async (scope) => {
    const secret = await keyWithout(shop, scope);
    let asked = 0;
    for (const root of rootFields) {
      if (needs(root).includes(scope) || !isAskedBare(root)) continue;
      // The timeline leaves out entries for such a key, as a separate test checks.
      const isAllowed = (field: Field) => !needs(field).includes(scope) && field.name !== 'timeline';
      const query = `{ ${root.name} ${selectionOf(root.type, 5, isAllowed)} }`;
      // Writes pending audit events, so that both requests see the same ones.
      await api.flush();
      const [narrow, full] = await Promise.all([api.sendAs(secret, query), shop.data(query)]);
      asked += 1;

      expect(narrow.errors).toBeUndefined();
      expect(withoutCursors(narrow.data)).toEqual(withoutCursors(full));
    }
    expect(asked).toBeGreaterThan(5);
  });

  it.each(nouns)('%s sees nothing that needs it', async (scope) => {
    const secret = await keyWithout(shop, scope);
    const fields = objects.flatMap((type) =>
      type === schema.getMutationType()
        ? []
        : Object.values(type.getFields()).flatMap((field) => (needs(field).includes(scope) ? [{ type, field }] : [])),
    );

    let asked = 0;
    for (const { type, field } of fields) {
      if (type !== schema.getQueryType() && type.name !== 'Customer') continue;
      const given = {
        by: 'by: { id: "nobody" }',
        purpose: 'purpose: SUPPORT',
        currencyCode: 'currencyCode: "PLN"',
        since: 'since: "2026-01-01T00:00:00Z"',
      };
      const args = Object.entries(given).flatMap(([name, arg]) =>
        field.args.some((each) => each.name === name) ? [arg] : [],
      );
      const by = args.length > 0 ? `(${args.join(', ')})` : '';
      const inner = `${field.name}${by} ${isLeafType(getNamedType(field.type)) ? '' : '{ __typename }'}`;
      const query = type.name === 'Customer' ? `{ customers { nodes { ${inner} } } }` : `{ ${inner} }`;
      const { data, errors } = await api.sendAs(secret, query);
      asked += 1;

      expect(errors?.map(({ extensions }) => extensions)).toContainEqual(
        expect.objectContaining({ code: 'FORBIDDEN', missingScopes: [scope] }),
      );
      expect(JSON.stringify(data ?? null)).not.toMatch(/[a-z]+_[0-9a-z]{26}/);
    }
    expect(asked).toBeGreaterThan(0);
  });

  it.each([
    ['orders:read', ['SURVEY_RESPONSE', 'CASE', 'INTERACTION', 'CONSENT']],
    ['cases:read', ['SURVEY_RESPONSE', 'RETURN', 'ORDER', 'INTERACTION', 'CONSENT']],
  ])('%s sees the other entries of a timeline', async (scope, kinds) => {
    const secret = await keyWithout(shop, scope);
    const timeline = (args: string) =>
      `{ customer(by: { email: "marker-of-a@example.com" }) { timeline${args} { totalCount nodes { kind } } } }`;

    const { data } = await api.sendAs(secret, timeline(''));
    const { errors } = await api.sendAs(secret, timeline('(kinds: [ORDER, CASE])'));

    expect(data.customer.timeline).toEqual({ totalCount: kinds.length, nodes: kinds.map((kind) => ({ kind })) });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', field: ['kinds'], missingScopes: [scope] });
  });

  it('orders:read cannot guess orders by filters on customers', async () => {
    const secret = await keyWithout(shop, 'orders:read');

    for (const where of ['statistics: { currencyCode: "PLN" }', 'purchased: {}', 'boughtVia: { eq: WEB }']) {
      const { errors } = await api.sendAs(secret, `{ customers(where: { NOT: { ${where} } }) { totalCount } }`);

      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
        field: ['where', 'NOT', where.split(':')[0]],
      });
    }
  });
});
