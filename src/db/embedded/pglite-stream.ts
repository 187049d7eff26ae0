import { Duplex } from 'node:stream';
import { message, PacketReader } from './wire.ts';

/** Executes complete messages of the wire protocol. `isAlive` is false if PostgreSQL aborted, which ends the session. */
export type Execute = (messages: Buffer) => Promise<{ reply: Buffer; isAlive: boolean }>;

/**
 * A socket to PGlite in this process instead of a server. `pg` speaks PostgreSQL's wire protocol over it, so the
 * embedded database uses the same driver, pool, adapter and error codes as a real server.
 */
export class PgliteStream extends Duplex {
  readonly #execute: Execute;
  readonly #packets = new PacketReader();

  constructor(execute: Execute) {
    super({ allowHalfOpen: false });
    this.#execute = execute;
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
    this.#receive(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#receive(chunk).then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  async #receive(chunk: Buffer): Promise<void> {
    for (const packet of this.#packets.read(chunk)) {
      if (this.readableEnded || this.destroyed) return;
      if (packet.kind === 'encryption') this.push('N');
      else if (packet.kind === 'end') this.push(null);
      else await this.#run(packet);
    }
  }

  async #run({ kind, bytes }: { kind: 'startup' | 'messages'; bytes: Buffer }): Promise<void> {
    // Sessions share one backend, so each must start without state left by the one before.
    if (kind === 'startup') await this.#execute(cleanUp);
    const { reply, isAlive } = await this.#execute(bytes);
    if (reply.length > 0) this.push(reply);
    if (!isAlive) this.push(null);
  }
}

const query = (sql: string) => message('Q', Buffer.from(`${sql}\0`));
const cleanUp = Buffer.concat([message('S', Buffer.alloc(0)), query('ROLLBACK'), query('DISCARD ALL')]);
