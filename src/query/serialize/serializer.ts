import type { CountedPage } from '../pages/page-plan.ts';
import type { Variables } from '../selection.ts';
import type { JsonReader } from './json-reader.ts';
import type { ResponseBuffer } from './response-buffer.ts';

/** Request whose response is serialized. */
export type RequestState<Context> = {
  context: Context;
  variables: Variables;
  /** Values that the statement was run with, for fields that report on them. */
  values: Record<string, unknown>;
  /** ID of the person whose data the current object holds. Null if unknown. */
  owner: string | null;
  /** ID of the person whose data the source holds. Null outside a source. */
  person: string | null;
  /** Pages of the request, by the index of their list. */
  pages: CountedPage[];
  /** Points of what is serialized so far. */
  points: number;
};

/** Serializes a field to JSON. Reads only the columns of that field from the row. */
export type Serializer<Context> = (row: JsonReader, out: ResponseBuffer, state: RequestState<Context>) => void;

/** Computes the value of a field from its column. */
export type Transform<Context> = (given: unknown, state: RequestState<Context>) => unknown;

/** Copies the JSON of PostgreSQL unchanged. */
export const passthrough: Serializer<unknown> = (row, out) => {
  row.next();
  out.put(row.text, row.start, row.end);
};
