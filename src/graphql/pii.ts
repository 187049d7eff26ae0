import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { masked, type PiiClass, piiScopes } from '../lib/pii.ts';
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

/** Masks fields declared with `pii` for keys that lack the scope of their class, and notes who was shown to others. */
class PiiPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { pothosOptions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const declared = pothosOptions.pii as ClassOf<unknown> | undefined;
    if (declared === undefined) return resolve;
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

/** That this request was shown personal data of somebody. */
export function noteRead({ reads }: Context, customerId: string | null, piiClass: PiiClass): void {
  const classes = reads.get(customerId) ?? new Set();
  reads.set(customerId, classes.add(piiClass));
}

/** A part of a row that has a type of its own, with whose it is. */
export function ofCustomer<Part extends object>(customerId: string | null, part: Part): Part {
  return { ...part, customerId };
}

type Owned = { id?: string; customerId?: string | null; case?: { customerId: string | null } };

// Types with personal data select whose it is, whatever else is asked of them.
function customerOf(typeName: string, parent: unknown): string | null {
  const { id, customerId, case: ofCase } = parent as Owned;
  return (typeName === 'Customer' ? id : (customerId ?? ofCase?.customerId)) ?? null;
}

SchemaBuilder.registerPlugin('pii', PiiPlugin);
