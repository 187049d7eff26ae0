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

/** Masks fields declared with `pii` for keys that lack the scope of their class. */
class PiiPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { pothosOptions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const declared = pothosOptions.pii as ClassOf<unknown> | undefined;
    if (declared === undefined) return resolve;
    const shown = (parent: unknown, { viewer }: Context, value: unknown) => {
      const piiClass = typeof declared === 'function' ? declared(value, parent) : declared;
      return piiClass === null || viewer.scopes.has(piiScopes[piiClass]) ? value : masked(piiClass, value);
    };
    return (parent, args, context, info) => {
      const value = resolve(parent, args, context, info);
      return value instanceof Promise
        ? value.then((settled: unknown) => shown(parent, context as Context, settled))
        : shown(parent, context as Context, value);
    };
  }
}

SchemaBuilder.registerPlugin('pii', PiiPlugin);
