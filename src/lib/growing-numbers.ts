/** A growing list of numbers in a typed array, which reserves up to as much memory again. */
export class GrowingNumbers<Values extends Uint32Array | Float64Array> {
  length = 0;
  #values: Values;
  readonly #create: (length: number) => Values;

  constructor(create: (length: number) => Values) {
    this.#create = create;
    this.#values = create(4);
  }

  at(index: number): number | undefined {
    return this.#values[index];
  }

  slice(start = 0, end = this.length): Values {
    return this.#values.subarray(start, end) as Values;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const longer = this.#create(this.length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }
}
