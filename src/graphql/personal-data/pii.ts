import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLField, GraphQLFieldResolver } from 'graphql';
import { classesOfColumn, classOfValue, kindOf } from '../../db/personal-columns.ts';
import { isPiiClass, masked, type PiiClass, piiScopes } from '../../lib/pii.ts';
import type { Datamodel } from '../../query/datamodel.ts';
import type { Mask } from '../../query/rules.ts';
import type { Context } from '../context.ts';

type ClassOf<Parent> = PiiClass | ((value: unknown, parent: Parent) => PiiClass | null);

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      pii: PiiPlugin<Types>;
    }
    // The type parameters must have the same names as in Pothos.
    interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** Class of personal data of the field, or of a value. The value is masked without the scope of its class. */
      pii?: ClassOf<ParentShape>;
    }
  }
}

/**
 * Masks fields for keys that lack the scope of their class, and records whose data other keys read. A field that
 * exposes a column has the class of that column. Other fields declare their class with `pii`.
 */
class PiiPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const declared = (field.pothosOptions.pii as ClassOf<unknown> | undefined) ?? classOfExposed(field);
    if (!declared) return resolve;
    const shown = (parent: unknown, context: Context, value: unknown, typeName: string) =>
      maskValue(declared, value, parent, context, () => customerOf(typeName, parent));
    return (parent, args, context, info) => {
      const value = resolve(parent, args, context, info);
      return value instanceof Promise
        ? value.then((settled: unknown) => shown(parent, context as Context, settled, info.parentType.name))
        : shown(parent, context as Context, value, info.parentType.name);
    };
  }
}

// Masks a value that the caller may not see, or notes whose data it reads.
function maskValue(
  declared: ClassOf<unknown>,
  value: unknown,
  parent: unknown,
  context: Context,
  ownerOf: () => string | null,
): unknown {
  const piiClass = typeof declared === 'function' ? declared(value, parent) : declared;
  if (piiClass === null || value === null) return value;
  if (!context.viewer.scopes.has(piiScopes[piiClass])) return masked(piiClass, value);
  recordRead(context, ownerOf(), piiClass);
  return value;
}

/** Returns the column with the ID of the customer whose data the rows of a table hold. Null if they hold none. */
export function ownerColumnOf(datamodel: Datamodel, model: string): string | null {
  if (model === 'Customer') return 'id';
  return datamodel.column(model, 'customerId') ? 'customerId' : null;
}

/** Masks a field in answers that SQL reads, as the plugin does in answers of resolvers. */
export function maskOf(
  typeName: string,
  { extensions }: GraphQLField<unknown, unknown>,
  scopes: ReadonlySet<string>,
): Mask<Context> | null {
  const { pothosOptions, pothosExposedField: column } = extensions as Extensions;
  const declared = pothosOptions?.pii ?? classOfExposed({ parentType: typeName, extensions });
  if (!declared) return null;
  const kind = typeof column === 'string' ? kindOf(typeName, column) : '';
  const show: Mask<Context>['show'] = (value, parent, { context, owner }) =>
    maskValue(declared, value, parent, context, () => owner);
  const copies: Mask<Context>['copies'] = ({ text, start, end }, { context, owner }) => {
    if (text.startsWith('null', start)) return true;
    if (!isPiiClass(kind)) return kind === 'IF_CONTACT' && isCertainlyNoContact(text.slice(start, end));
    if (!scopes.has(piiScopes[kind])) return false;
    recordRead(context, owner, kind);
    return true;
  };
  return { copies, show };
}

type Extensions = { pothosOptions?: { pii?: ClassOf<unknown> }; pothosExposedField?: unknown };

// JSON of a text that is certainly no email address, because it has no at sign, and no phone number, because it starts
// with a letter that does not fold to T, or with a digit other than zero.
const isNoContact = /^"[A-SU-Za-su-z1-9À-ÖØ-öø-ÿĀ-šŨ-ž\u0400-\u04ff][^@﹫＠\\]*$/;

/** Returns whether the JSON of a text needs no closer look to tell that the text is not a contact point. */
export function isCertainlyNoContact(json: string): boolean {
  return isNoContact.test(json);
}

type ExposingField = { parentType: string; extensions?: object | null | undefined };

function classOfExposed({ parentType, extensions }: ExposingField): ClassOf<unknown> | null {
  const { pothosExposedField: column } = (extensions ?? {}) as { pothosExposedField?: unknown };
  if (typeof column !== 'string') return null;
  const kind = kindOf(parentType, column);
  if (kind === 'CONTACT')
    throw new Error(`${parentType}.${column} is a contact point, so its field must declare its class.`);
  return kind === 'IF_CONTACT' || isPiiClass(kind) ? (value) => classOfValue(parentType, column, value) : null;
}

/** Masks a column value for this request, or records that it was read. Handles each value in JSON separately. */
export function maskColumn(
  context: Context,
  customerId: string | null,
  table: string,
  column: string,
  value: unknown,
): unknown {
  if (value === null || value === undefined) return value;
  if (kindOf(table, column) === 'IF_CONTACT' && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, maskColumn(context, customerId, table, column, each)]),
    );
  const classes = classesOfColumn(table, column, value);
  const hidden = classes.find((piiClass) => !context.viewer.scopes.has(piiScopes[piiClass]));
  if (hidden) return masked(hidden, value);
  for (const piiClass of classes) recordRead(context, customerId, piiClass);
  return value;
}

/** Records that this request read personal data of a customer. */
export function recordRead({ reads }: Context, customerId: string | null, piiClass: PiiClass): void {
  const classes = reads.get(customerId) ?? new Set();
  reads.set(customerId, classes.add(piiClass));
}

/** Adds the customer to a part of a row that has a separate type. */
export function ofCustomer<Part extends object>(customerId: string | null, part: Part): Part {
  return { ...part, customerId };
}

type Owned = { id?: string; customerId?: string | null };

// Types with personal data always select the customer it belongs to.
function customerOf(typeName: string, parent: unknown): string | null {
  const { id, customerId } = parent as Owned;
  return (typeName === 'Customer' ? id : customerId) ?? null;
}

SchemaBuilder.registerPlugin('pii', PiiPlugin);
