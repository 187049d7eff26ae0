// Parses PostgreSQL's wire protocol as far as forwarding it requires.

const sslRequest = 80_877_103;
const gssEncryptionRequest = 80_877_104;
const cancelRequest = 80_877_102;

export type Packet =
  | { kind: 'startup'; bytes: Buffer }
  /** A request for encryption, rejected with one byte. */
  | { kind: 'encryption' }
  /** Complete messages, concatenated. */
  | { kind: 'messages'; bytes: Buffer }
  | { kind: 'end' };

/** Splits what a client sends into packets that can be executed. Chunks may begin and end anywhere. */
export class PacketReader {
  #rest: Buffer = Buffer.alloc(0);
  #isStarted = false;

  read(chunk: Buffer): Packet[] {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const packets: Packet[] = [];
    for (let packet = this.#next(); packet; packet = this.#next()) packets.push(packet);
    return packets;
  }

  #next(): Packet | null {
    return this.#isStarted ? this.#nextMessages() : this.#nextRequest();
  }

  // Before the session starts, messages have no type byte, only a length and a code.
  #nextRequest(): Packet | null {
    const length = this.#rest.length < 8 ? Number.POSITIVE_INFINITY : this.#rest.readInt32BE(0);
    if (length > this.#rest.length) return null;
    const code = this.#rest.readInt32BE(4);
    const bytes = this.#take(Math.max(length, 8));
    if (code === sslRequest || code === gssEncryptionRequest) return { kind: 'encryption' };
    if (code === cancelRequest) return { kind: 'end' };
    this.#isStarted = true;
    return { kind: 'startup', bytes };
  }

  #nextMessages(): Packet | null {
    let end = 0;
    while (end + 5 <= this.#rest.length && this.#rest[end] !== terminate) {
      const next = end + 1 + Math.max(this.#rest.readInt32BE(end + 1), 4);
      if (next > this.#rest.length) break;
      end = next;
    }
    if (end > 0) return { kind: 'messages', bytes: this.#take(end) };
    if (this.#rest[0] !== terminate) return null;
    this.#rest = Buffer.alloc(0);
    return { kind: 'end' };
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

const terminate = 'X'.charCodeAt(0);

/** Builds a message of a type, such as `Q`, around its body. */
export function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Builds an error that ends a session, in PostgreSQL's format. */
export function fatalError(sqlState: string, text: string): Buffer {
  const fields = { S: 'FATAL', V: 'FATAL', C: sqlState, M: text };
  const body = Object.entries(fields).map(([field, value]) => `${field}${value}\0`);
  return message('E', Buffer.from(`${body.join('')}\0`));
}
