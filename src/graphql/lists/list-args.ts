import type { InputFieldMap } from '@pothos/core';
import { builder } from '../builder.ts';
import type { WhereInput } from '../filters/where.ts';
import type { Direction } from './page.ts';

export type ListOptions = {
  /** Plural noun for descriptions, such as "orders". */
  plural: string;
  /** Sort fields by GraphQL name. The first is the default. Each may set a default direction. */
  orderBy: Record<string, OrderField>;
  /** Default direction of all sort fields that do not set one. */
  direction: Direction;
  /** Column that breaks ties, unique within the list. Defaults to `id`. */
  tieBreaker?: string;
  where?: WhereInput;
};

type OrderField = { column: string; description: string; direction?: Direction };

/** Returns the pagination arguments of a connection: `first`, `after`, `last` and `before`. */
export function pageArgs() {
  return builder.args((t) => ({
    first: t.int({
      description:
        'Maximum number of items from the start of the list, 0 to 100. Defaults to 20 unless you send `last`.',
    }),
    after: t.string({ description: 'Cursor after which the page starts.' }),
    last: t.int({
      description: 'Maximum number of items from the end of the list, 0 to 100. Cannot be combined with `first`.',
    }),
    before: t.string({ description: 'Cursor before which the page ends.' }),
  }));
}

/** Returns all arguments of a list: those of its pages, its filter, and its sort order. */
export function listArgs(typeName: string, { plural, where, orderBy, direction }: ListOptions) {
  const args: InputFieldMap = { ...pageArgs() };
  if (where)
    args.where = builder.args((t) => ({
      where: t.field({ type: where.ref, description: `Conditions that the ${plural} must meet.` }),
    })).where;
  if (Object.keys(orderBy).length > 1) {
    const fields = Object.entries(orderBy).map(([name, field]) => ({
      name,
      ...field,
      direction: field.direction ?? direction,
    }));
    const OrderBy = orderByInput(typeName, plural, fields);
    const [first] = fields;
    const byDefault = `${first?.name} ${first?.direction.toUpperCase()}`;
    const description = `Sort order. Defaults to \`${byDefault}\`. Ties are broken by ID.`;
    args.orderBy = builder.args((t) => ({ orderBy: t.field({ type: OrderBy, description }) })).orderBy;
  }
  return args as ReturnType<typeof pageArgs>;
}

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Direction in which a list is sorted.',
  values: {
    ASC: { value: 'asc', description: 'Ascending: smallest, earliest or alphabetically first values come first.' },
    DESC: { value: 'desc', description: 'Descending: largest, latest or alphabetically last values come first.' },
  },
});

function orderByInput(typeName: string, plural: string, fields: (Required<OrderField> & { name: string })[]) {
  const Field = builder.enumType(`${typeName}OrderField`, {
    description: `Fields by which ${plural} can be sorted.`,
    values: Object.fromEntries(fields.map(({ name, description }) => [name, { description }])),
  });
  const directions = [...new Set(fields.map(({ direction }) => direction))];
  const namesOf = (direction: Direction) =>
    fields.filter((field) => field.direction === direction).map(({ name }) => `\`${name}\``);
  const defaults = directions
    .map((each) => `\`${each.toUpperCase()}\` for ${namesOf(each).join(' and ')}`)
    .join(', and to ');
  return builder.inputType(`${typeName}OrderBy`, {
    description: `Sort order for a list of ${plural}.`,
    fields: (t) => ({
      field: t.field({ type: Field, required: true, description: `Field to sort the ${plural} by.` }),
      direction: t.field({
        type: OrderDirection,
        description: `Sort direction. Defaults to ${defaults}.`,
      }),
    }),
  });
}
