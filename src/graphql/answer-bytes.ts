/**
 * The bytes of an answer, put one behind the other into one piece of memory that is used again. To join thousands of
 * small strings costs more than all else that is done for a whole customer, most of it to clear them away afterwards.
 */
export class AnswerBytes {
  #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;

  /** Puts a text, or the part of it from one place up to another. */
  put(text: string, start = 0, end = text.length): void {
    // No code unit takes more than three bytes.
    if (this.#length + (end - start) * 3 > this.#bytes.length) this.#grow((end - start) * 3);
    const bytes = this.#bytes;
    let length = this.#length;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code < 0x80) bytes[length++] = code;
      else if (code < 0x800) {
        bytes[length++] = 0xc0 | (code >> 6);
        bytes[length++] = 0x80 | (code & 0x3f);
      } else {
        length += bytes.write(text.slice(at, end), length);
        break;
      }
    }
    this.#length = length;
  }

  /** All that was put since it was last taken. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  /** Forgets what was put since it was last taken. */
  drop(): void {
    this.#length = 0;
  }

  #grow(by: number): void {
    const grown = Buffer.allocUnsafe(this.#bytes.length * 2 + by);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
