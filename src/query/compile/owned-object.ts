import type { JsonReader } from '../serialize/json-reader.ts';
import type { RequestState, Serializer } from '../serialize/serializer.ts';
import type { CompiledField, Compiler, Row } from './compiler.ts';

/**
 * Compiles an object whose fields report whose data they read: that of the person of the source, or else of the owner in
 * the first column of the row.
 */
export function ownedObject<Context>(
  { rules, owner }: Compiler<Context>,
  { model, alias }: Row,
  { columns, write }: CompiledField<Context>,
): CompiledField<Context> {
  const column = rules.ownerOf(model);
  if (owner !== null && (model === '' || column !== null))
    return { columns, write: ofOwner(({ person }) => person, write) };
  const first = [column === null ? 'NULL' : `${alias}."${column}"`];
  return { columns: [first, ...columns], write: ofOwner((_state, json) => ownerIn(json), write) };
}

type OwnerOf<Context> = (state: RequestState<Context>, json: JsonReader) => string | null;

function ofOwner<Context>(ownerOf: OwnerOf<Context>, write: Serializer<Context>): Serializer<Context> {
  return (json, out, state) => {
    const before = state.owner;
    state.owner = ownerOf(state, json);
    write(json, out, state);
    state.owner = before;
  };
}

function ownerIn(json: JsonReader): string | null {
  return json.next() ? json.text.slice(json.start + 1, json.end - 1) : null;
}
