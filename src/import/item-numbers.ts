/**
 * Numbers of items, added in rising order, as the bytes of a checkpoint: runs of neighbours, each two integers of
 * variable length (how far after the last run, how long). A million rows that wait one after the other take a few bytes,
 * every second one of two million two megabytes.
 */
export class ItemNumbers {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many there are. */
  readonly size: number;
  // Where the last run ends.
  readonly #end: number;

  constructor(bytes = new Uint8Array(), size?: number, end?: number) {
    this.bytes = bytes;
    const runs = size === undefined || end === undefined ? [...runsIn(bytes)] : [];
    this.size = size ?? runs.reduce((sum, [from, to]) => sum + to - from, 0);
    this.#end = end ?? runs.at(-1)?.[1] ?? 0;
  }

  /** These and more, which come after them. */
  with(numbers: number[]): ItemNumbers {
    if (numbers.length === 0) return this;
    const added: number[] = [];
    let end = this.#end;
    for (let i = 0; i < numbers.length; ) {
      const from = numbers[i] ?? 0;
      let to = from + 1;
      for (i++; numbers[i] === to; i++) to++;
      added.push(...varint(from - end), ...varint(to - from));
      end = to;
    }
    const bytes = new Uint8Array(this.bytes.length + added.length);
    bytes.set(this.bytes);
    bytes.set(added, this.bytes.length);
    return new ItemNumbers(bytes, this.size + numbers.length, end);
  }

  /** Tells of numbers asked for in rising order whether they are among these. */
  lookup(): (number: number) => boolean {
    const runs = runsIn(this.bytes);
    let run = runs.next();
    return (number) => {
      while (!run.done && number >= run.value[1]) run = runs.next();
      return !run.done && number >= run.value[0];
    };
  }
}

function* runsIn(bytes: Uint8Array): Generator<[from: number, to: number]> {
  let [at, end] = [0, 0];
  const read = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  };
  while (at < bytes.length) {
    const from = end + read();
    end = from + read();
    yield [from, end];
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
