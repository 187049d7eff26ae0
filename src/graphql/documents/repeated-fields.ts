import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from './operation.ts';

/**
 * Counts the pairs of fields with the same response name in the same selection. GraphQL compares the fields of each
 * pair before it merges them. Counting stops above `most` pairs. It also stops, with a result above `most`, if
 * fragments that are spread in many places produce more fields than it may visit.
 */
export function repeatedPairs(document: DocumentNode, most: number, levels: number): number {
  const fragments = fragmentsOf(document);
  let pairs = 0;
  let visits = 0;

  // Groups the fields of merged selection sets by response name. A fragment counts once per selection.
  function fieldsOf(sets: SelectionSetNode[]): Map<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const collect = ({ selections }: SelectionSetNode): void => {
      visits += selections.length;
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const alike = fields.get(name);
          if (alike) alike.push(selection);
          else fields.set(name, [selection]);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment) collect(fragment.selectionSet);
        }
      }
    };
    for (const set of sets) collect(set);
    return fields;
  }

  // A fragment that spreads itself never ends. Validation rejects it.
  function count(sets: SelectionSetNode[], level: number): void {
    if (level > levels) return;
    for (const alike of fieldsOf(sets).values()) {
      pairs += (alike.length * (alike.length - 1)) / 2;
      if (pairs > most || visits > most * visitsPerPair) return;
      const within = alike.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (within.length > 0) count(within, level + 1);
    }
  }

  for (const definition of document.definitions) if ('selectionSet' in definition) count([definition.selectionSet], 1);
  return visits > most * visitsPerPair ? Math.max(pairs, most + 1) : pairs;
}

const visitsPerPair = 5;
