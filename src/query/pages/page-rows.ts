import type { Page } from '../pages/page-plan.ts';
import type { JsonReader } from '../serialize/json-reader.ts';

export type Position = () => unknown[] | null;

/** Whether more rows follow the page, and the positions of its first and last row. */
export type Ends = { hasMore: boolean; first: unknown[] | null; last: unknown[] | null };

/** The rows of a page in the JSON of PostgreSQL. */
export class PageRows {
  readonly #json: JsonReader;
  readonly #page: Page;
  readonly #hasPositions: boolean;
  readonly #width: number;
  readonly #start: number;
  #end = -1;
  #ends: Ends | null = null;
  #offsets: number[] | null = null;

  constructor(json: JsonReader, page: Page, hasRows: boolean, hasPositions: boolean, width: number) {
    this.#json = json;
    this.#page = page;
    this.#hasPositions = hasPositions;
    this.#width = width;
    this.#start = hasRows ? json.list() : -1;
  }

  /** Calls `read` at each row of the page, in the order of the list. */
  each(read: (json: JsonReader, isFirst: boolean, position: Position) => void): void {
    if (this.#page.isBackward) {
      this.#eachReversed(read);
      return;
    }
    const { size } = this.#page;
    const ends: Ends = { hasMore: false, first: null, last: null };
    this.#json.each(this.#start, (index) => {
      if (index >= size) {
        ends.hasMore = true;
        return this.#skip();
      }
      const position = this.#position();
      read(this.#json, index === 0, position);
      if (!this.#hasPositions) return;
      ends.last = position();
      if (index === 0) ends.first = ends.last;
    });
    this.#ends = ends;
    this.#end = this.#json.end;
  }

  ends(): Ends {
    if (!this.#ends) this.each((json) => json.skip(this.#width));
    return this.#ends ?? { hasMore: false, first: null, last: null };
  }

  /** Moves behind the list. */
  leave(): void {
    if (this.#start < 0) return;
    if (this.#end < 0) this.ends();
    this.#json.end = this.#end;
  }

  #eachReversed(read: (json: JsonReader, isFirst: boolean, position: Position) => void): void {
    const offsets = this.#offsetsOf();
    const shown = offsets.slice(0, this.#page.size).reverse();
    const ends: Ends = { hasMore: offsets.length > shown.length, first: null, last: null };
    shown.forEach((offset, i) => {
      this.#json.end = offset;
      const position = this.#position();
      read(this.#json, i === 0, position);
      if (!this.#hasPositions) return;
      ends.last = position();
      if (i === 0) ends.first = ends.last;
    });
    this.#ends = ends;
  }

  #offsetsOf(): number[] {
    if (this.#offsets) return this.#offsets;
    const offsets: number[] = [];
    this.#json.each(this.#start, () => {
      offsets.push(this.#json.end);
      this.#skip();
    });
    this.#end = this.#json.end;
    this.#offsets = offsets;
    return offsets;
  }

  #position(): Position {
    if (!this.#hasPositions) return () => null;
    const text = this.#json.column();
    let position: unknown[] | null = null;
    return () => {
      position ??= JSON.parse(text) as unknown[];
      return position;
    };
  }

  #skip(): void {
    this.#json.skip(this.#width + (this.#hasPositions ? 1 : 0));
  }
}
