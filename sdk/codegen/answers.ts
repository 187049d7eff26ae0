// Prints the types of operation variables and results, with the schema's descriptions where an editor shows them. This
// is a codegen plugin, because codegen's own plugin prints results without descriptions.
import type { PluginFunction } from '@graphql-codegen/plugin-helpers';
import {
  concatAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type NonNullTypeNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import { argumentsOf } from './arguments.ts';
import { commentOf } from './comment.ts';
import { typesOf } from './types-of.ts';

export const plugin: PluginFunction<{ scalars: Record<string, string> }> = (schema, documents, { scalars }) => {
  const printer = new Printer(schema, concatAST(documents.flatMap(({ document }) => document ?? [])), scalars);
  return printer.print();
};

class Printer {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #scalars: Record<string, string>;

  constructor(schema: GraphQLSchema, document: DocumentNode, scalars: Record<string, string>) {
    this.#schema = schema;
    this.#document = document;
    this.#scalars = scalars;
    this.#fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
  }

  print(): string {
    const definitions = this.#document.definitions.map((node) => {
      if (node.kind === Kind.FRAGMENT_DEFINITION) {
        const type = this.#schema.getType(node.typeCondition.name.value);
        if (!type) throw new Error(`Unknown type ${node.typeCondition.name.value}.`);
        return `${commentOf(type)}\nexport type ${fragmentName(node.name.value)} = ${this.#selection(type, node.selectionSet)};`;
      }
      return node.kind === Kind.OPERATION_DEFINITION ? this.#operation(node) : '';
    });
    return indented(definitions.join('\n\n'));
  }

  #operation(operation: OperationDefinitionNode): string {
    const root = this.#schema.getRootType(operation.operation);
    if (!root) throw new Error(`The schema has no ${operation.operation} type.`);
    const [data, variables] = typesOf(operation);
    const declared = operation.variableDefinitions ?? [];
    const passedTo = argumentsOf(this.#schema, operation);
    const fields = declared.map(({ variable: { name }, type, defaultValue }) => {
      const isRequired = type.kind === Kind.NON_NULL_TYPE && !defaultValue;
      const value = this.#input(type);
      const comment = commentOf(passedTo.get(name.value) ?? {});
      return `${comment}\n${name.value}${isRequired ? '' : '?'}: ${value}${isRequired ? '' : ' | undefined'};\n`;
    });
    const taken = fields.length > 0 ? `{\n${fields.join('')}}` : '{ [name: string]: never }';
    return [
      `export type ${variables} = ${taken};`,
      `export type ${data} = ${this.#selection(root, operation.selectionSet)};`,
    ].join('\n\n');
  }

  #input(node: TypeNode): string {
    if (node.kind !== Kind.NON_NULL_TYPE) return `${this.#given(node)} | null`;
    return this.#given(node.type);
  }

  #given(node: Exclude<TypeNode, NonNullTypeNode>): string {
    return node.kind === Kind.LIST_TYPE ? `Array<${this.#input(node.type)}>` : this.#named(node.name.value);
  }

  #named(name: string): string {
    return this.#scalars[name] ?? builtIn[name] ?? name;
  }

  #selection(type: GraphQLNamedType, { selections }: SelectionSetNode): string {
    if (!isAbstractType(type)) return this.#object(type, selections);
    const isConditional = selections.some((each) => each.kind !== Kind.FIELD);
    if (!isConditional) return this.#object(type, selections);
    return this.#schema
      .getPossibleTypes(type)
      .map((possible) => this.#object(possible, selections))
      .join(' | ');
  }

  // Refers to a fragment by its name instead of repeating its fields.
  #object(type: GraphQLNamedType, selections: readonly SelectionNode[]): string {
    const [fields, fragments]: [FieldNode[], string[]] = [[], []];
    const collect = (some: readonly SelectionNode[]) => {
      for (const each of some) {
        if ((each.directives ?? []).length > 0) throw new Error('Directives in operations are not supported.');
        if (each.kind === Kind.FIELD) fields.push(each);
        else if (each.kind === Kind.FRAGMENT_SPREAD) {
          if (this.#holds(type, this.#fragments.get(each.name.value)?.typeCondition.name.value))
            fragments.push(fragmentName(each.name.value));
        } else if (this.#holds(type, each.typeCondition?.name.value)) collect(each.selectionSet.selections);
      }
    };
    collect(selections);
    const members = fields.map((field) => this.#field(type, field));
    const own = members.length > 0 || fragments.length === 0 ? [`{\n${members.join('')}}`] : [];
    return [...fragments, ...own].join(' & ');
  }

  #holds(type: GraphQLNamedType, condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = this.#schema.getType(condition);
    return isAbstractType(wanted) && isObjectType(type) && this.#schema.isSubType(wanted, type);
  }

  #field(parent: GraphQLNamedType, { name, alias, selectionSet }: FieldNode): string {
    const key = alias?.value ?? name.value;
    if (name.value === '__typename') return `/** Name of the object's type. */\n${key}: ${this.#typeName(parent)};\n`;
    const field = 'getFields' in parent ? parent.getFields()[name.value] : undefined;
    if (!field) throw new Error(`Unknown field ${parent.name}.${name.value}.`);
    const type = field.type as GraphQLOutputType;
    // A mutation is null only together with an error, and a request with an error rejects. So resolved data is
    // complete.
    const isWritten = parent === this.#schema.getMutationType();
    const output = isWritten ? this.#value(getNullableType(type), selectionSet) : this.#output(type, selectionSet);
    return `${commentOf(field)}\n${key}: ${output};\n`;
  }

  #typeName(type: GraphQLNamedType): string {
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    return types.map(({ name }) => `'${name}'`).join(' | ');
  }

  #output(type: GraphQLOutputType, selectionSet: SelectionSetNode | undefined): string {
    return isNonNullType(type) ? this.#value(type.ofType, selectionSet) : `${this.#value(type, selectionSet)} | null`;
  }

  #value(type: GraphQLOutputType, selectionSet: SelectionSetNode | undefined): string {
    if (isListType(type)) return `Array<${this.#output(type.ofType, selectionSet)}>`;
    const named = getNamedType(type);
    if (selectionSet) return this.#selection(named, selectionSet);
    // The API may add values after this version of the package.
    return isEnumType(named) ? `${named.name} | (string & Record<never, never>)` : this.#named(named.name);
  }
}

const builtIn: Record<string, string> = {
  String: 'string',
  ID: 'string',
  Int: 'number',
  Float: 'number',
  Boolean: 'boolean',
};

const fragmentName = (name: string) => `${name}Fragment`;

function indented(text: string): string {
  let depth = 0;
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('}')) depth -= 1;
      const within = line && `${'  '.repeat(depth)}${line}`;
      if (line.endsWith('{')) depth += 1;
      return within;
    })
    .join('\n');
}
