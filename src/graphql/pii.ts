import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { classesOfColumn, classOfValue, kindOf } from '../db/personal-columns.ts';
import { isPiiClass, masked, type PiiClass, piiScopes } from '../lib/pii.ts';
import type { Context } from './context.ts';

type ClassOf<Parent> = PiiClass | ((value: unknown, parent: Parent) => PiiClass | null);

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      pii: PiiPlugin<Types>;
    }
    // The parameters are Pothos' own, name by name.
    interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** The class of personal data this is, or of this value. Without its scope the value is masked. */
      pii?: ClassOf<ParentShape>;
    }
  }
}

/**
 * Masks fields for keys that lack the scope of their class, and notes who was shown to others. What exposes a column is of
 * its class; other fields declare theirs with `pii`.
 */
class PiiPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const declared = (field.pothosOptions.pii as ClassOf<unknown> | undefined) ?? classOfExposed(field);
    if (!declared) return resolve;
    const shown = (parent: unknown, context: Context, value: unknown, typeName: string) => {
      const piiClass = typeof declared === 'function' ? declared(value, parent) : declared;
      if (piiClass === null || value === null) return value;
      if (!context.viewer.scopes.has(piiScopes[piiClass])) return masked(piiClass, value);
      noteRead(context, customerOf(typeName, parent), piiClass);
      return value;
    };
    return (parent, args, context, info) => {
      const value = resolve(parent, args, context, info);
      return value instanceof Promise
        ? value.then((settled: unknown) => shown(parent, context as Context, settled, info.parentType.name))
        : shown(parent, context as Context, value, info.parentType.name);
    };
  }
}

type Exposing = { parentType: string; extensions?: object | null | undefined };

function classOfExposed({ parentType, extensions }: Exposing): ClassOf<unknown> | null {
  const { pothosExposedField: column } = (extensions ?? {}) as { pothosExposedField?: unknown };
  if (typeof column !== 'string') return null;
  const kind = kindOf(parentType, column);
  if (kind === 'CONTACT')
    throw new Error(`${parentType}.${column} is a contact: its field must declare which class of it.`);
  return kind === 'IF_CONTACT' || isPiiClass(kind) ? (value) => classOfValue(parentType, column, value) : null;
}

/** A value of a column as this request may see it, and noted if that is as it is. Of JSON each text is one of its own. */
export function shownColumn(
  context: Context,
  customerId: string | null,
  table: string,
  column: string,
  value: unknown,
): unknown {
  if (value === null || value === undefined) return value;
  if (kindOf(table, column) === 'IF_CONTACT' && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, shownColumn(context, customerId, table, column, each)]),
    );
  const classes = classesOfColumn(table, column, value);
  const hidden = classes.find((piiClass) => !context.viewer.scopes.has(piiScopes[piiClass]));
  if (hidden) return masked(hidden, value);
  for (const piiClass of classes) noteRead(context, customerId, piiClass);
  return value;
}

/** That this request was shown personal data of somebody. */
export function noteRead({ reads }: Context, customerId: string | null, piiClass: PiiClass): void {
  const classes = reads.get(customerId) ?? new Set();
  reads.set(customerId, classes.add(piiClass));
}

/** A part of a row that has a type of its own, with whose it is. */
export function ofCustomer<Part extends object>(customerId: string | null, part: Part): Part {
  return { ...part, customerId };
}

type Owner = { customerId: string | null };
type Owned = { id?: string; customerId?: string | null; case?: Owner; order?: Owner; return?: Owner };

// Types with personal data select whose it is, whatever else is asked of them.
function customerOf(typeName: string, parent: unknown): string | null {
  const { id, customerId, case: ofCase, order, return: ofReturn } = parent as Owned;
  if (typeName === 'Customer') return id ?? null;
  return customerId ?? (ofCase ?? order ?? ofReturn)?.customerId ?? null;
}

SchemaBuilder.registerPlugin('pii', PiiPlugin);
