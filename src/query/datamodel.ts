/** The part of Prisma's datamodel that SQL is compiled from. Tables and columns have the names of models and fields. */
export type PrismaModels = Readonly<
  Record<
    string,
    {
      fields: readonly PrismaField[];
      primaryKey: Key | null;
      uniqueIndexes: readonly Key[];
    }
  >
>;

type Key = { fields: readonly string[] };

type PrismaField = {
  name: string;
  type: string;
  kind: string;
  isList: boolean;
  isId: boolean;
  relationName?: string | undefined;
  relationFromFields?: readonly string[] | undefined;
};

export type Column = { name: string; type: string; isList: boolean; isEnum: boolean };

export type Relation = {
  name: string;
  /** Model on the other side. */
  model: string;
  isList: boolean;
  /** Pairs of a column of the other model and the column of this model that it equals. */
  on: [column: string, own: string][];
  /** Name of the same relation on the other model. Null if it has none. */
  inverse: string | null;
};

/** Looks up the columns and relations of models. */
export class Datamodel {
  readonly #models: PrismaModels;
  readonly #relations = new Map<string, Relation>();

  constructor(models: PrismaModels) {
    this.#models = models;
  }

  has(model: string): boolean {
    return Object.hasOwn(this.#models, model);
  }

  /** Returns a column, or null if the model has none with this name. */
  column(model: string, name: string): Column | null {
    const field = this.#field(model, name);
    if (!field || field.kind === 'object') return null;
    return { name, type: field.type, isList: field.isList, isEnum: field.kind === 'enum' };
  }

  /** Returns a relation, or null if the model has none with this name. */
  relation(model: string, name: string): Relation | null {
    const key = `${model}.${name}`;
    const known = this.#relations.get(key);
    if (known) return known;
    const field = this.#field(model, name);
    if (field?.kind !== 'object') return null;
    const relation = this.#relationOf(model, field);
    this.#relations.set(key, relation);
    return relation;
  }

  #relationOf(model: string, field: PrismaField): Relation {
    const isOther = (each: PrismaField) =>
      each.relationName === field.relationName && (field.type !== model || each.name !== field.name);
    const inverse = this.#models[field.type]?.fields.find(isOther) ?? null;
    const own = field.relationFromFields ?? [];
    const shared = { name: field.name, model: field.type, isList: field.isList, inverse: inverse?.name ?? null };
    if (own.length > 0) {
      const keys = this.#keyOf(field.type, own);
      return { ...shared, on: own.map((column, i): [string, string] => [keys[i] ?? '', column]) };
    }
    const columns = inverse?.relationFromFields ?? [];
    const keys = this.#keyOf(model, columns);
    return { ...shared, on: columns.map((column, i): [string, string] => [column, keys[i] ?? '']) };
  }

  // Foreign keys reference a unique index with columns of the same names, or else the primary key.
  #keyOf(model: string, columns: readonly string[]): readonly string[] {
    const { fields = [], primaryKey, uniqueIndexes = [] } = this.#models[model] ?? {};
    const isSame = (index: Key) =>
      index.fields.length === columns.length && index.fields.every((name) => columns.includes(name));
    if (uniqueIndexes.some(isSame)) return columns;
    const keys = primaryKey?.fields ?? fields.filter(({ isId }) => isId).map(({ name }) => name);
    if (keys.length !== columns.length) throw new Error(`No key of ${model} matches the columns ${columns.join()}.`);
    return keys;
  }

  #field(model: string, name: string): PrismaField | undefined {
    return this.#models[model]?.fields.find((field) => field.name === name);
  }
}
