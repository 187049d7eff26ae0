/**
 * Reusable byte buffer for a response. Joining thousands of small strings costs more than all other work for a customer
 * context, mostly in garbage collection.
 */
export class ResponseBuffer {
  #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;

  /** Appends a text, or the part of it from `start` up to `end`. */
  put(text: string, start = 0, end = text.length): void {
    // A UTF-16 code unit takes at most three bytes in UTF-8.
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

  /** Returns the bytes appended since the last call and clears the buffer. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  /** Discards the bytes appended since the last `take`. */
  drop(): void {
    this.#length = 0;
  }

  #grow(by: number): void {
    const grown = Buffer.allocUnsafe(this.#bytes.length * 2 + by);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

// Serialization is synchronous, so all requests can share one buffer.
const shared = new ResponseBuffer();

/** Returns the bytes that `write` appends. */
export function serialized(write: (out: ResponseBuffer) => void): Buffer {
  shared.drop();
  write(shared);
  return shared.take();
}
