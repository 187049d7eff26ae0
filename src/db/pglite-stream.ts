import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';

/**
 * A socket that ends in an in-process PGlite instead of a server. `pg` speaks PostgreSQL's wire protocol over it,
 * so the embedded database runs through the same driver, pool, adapter and error codes as a real one.
 */
export class PgliteStream extends Duplex {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    super();
    this.#pglite = pglite;
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#execute(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#execute(chunk, done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  #execute(message: Buffer, done: (error?: Error) => void): void {
    this.#pglite.execProtocolRaw(message).then((reply) => {
      if (reply.length > 0) this.push(Buffer.from(reply));
      done();
    }, done);
  }
}
