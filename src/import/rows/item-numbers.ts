/**
 * A set of item numbers, added in rising order and stored in a checkpoint. Runs of consecutive numbers are encoded as
 * two varints: the distance from the last run, and the length. A million consecutive numbers take a few bytes; every
 * second number out of two million takes two megabytes.
 */
export class ItemNumbers {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Count of numbers in the set. */
  readonly size: number;
  // End of the last run.
  readonly #end: number;

  constructor(bytes = new Uint8Array(), size?: number, end?: number) {
    this.bytes = bytes;
    const runs = size === undefined || end === undefined ? [...runsIn(bytes)] : [];
    this.size = size ?? runs.reduce((sum, [from, to]) => sum + to - from, 0);
    this.#end = end ?? runs.at(-1)?.[1] ?? 0;
  }

  /** Returns the set with more numbers, which must all be higher than the existing ones. */
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

  /** Returns a membership test. It must be called with rising numbers. */
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
