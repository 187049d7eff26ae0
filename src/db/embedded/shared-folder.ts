import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Backend, type OpenPglite } from './backend.ts';
import { FairLock } from './fair-lock.ts';
import type { Lease, Leases } from './lease.ts';
import { ownOrConnect } from './owner-socket.ts';
import { fatalError } from './wire.ts';

// A session of another process that sends nothing for this long counts as dead, because others wait for their turn.
const defaultIdleMs = 15_000;
const dayMs = 24 * 3_600_000;

/**
 * The embedded database in a folder. One process has it open: either this one, or the one it connects to through a
 * socket. When the owner ends, the next process that needs the database becomes the owner.
 */
export class SharedFolder implements Leases {
  readonly #folder: string;
  readonly #backend: Backend;
  readonly #idleMs: number;
  readonly #lock = new FairLock();
  readonly #clients = new Set<Socket>();
  #server: Server | null = null;
  #isClosing = false;

  constructor(folder: string, open: OpenPglite, idleMs = defaultIdleMs) {
    this.#folder = folder;
    this.#idleMs = idleMs;
    this.#backend = new Backend(open);
  }

  async lease(holder: object, timeoutMs: number): Promise<Lease> {
    if (this.#server) return this.#backend.lease(holder, timeoutMs);
    const end = await this.#lock.acquire(timeoutMs);
    try {
      const socket = this.#server ? null : await this.#ownOrConnect();
      if (socket) return sharedLease(socket, end);
    } catch (error) {
      end();
      throw error;
    }
    end();
    return this.#backend.lease(holder, timeoutMs);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#backend.close().finally(() => this.#server?.close());
    for (const client of this.#clients) client.destroy();
  }

  async #ownOrConnect(): Promise<Socket | null> {
    const found = await ownOrConnect(this.#folder, (socket) => this.#serve(socket));
    if ('socket' in found) return found.socket;
    this.#server = found.server;
    return null;
  }

  async #serve(client: Socket): Promise<void> {
    this.#clients.add(client);
    client.on('error', () => undefined).once('close', () => this.#clients.delete(client));
    client.setTimeout(this.#idleMs, () => client.destroy());
    try {
      await once(client, 'readable');
      if (client.readableLength > 0) await this.#serveInTurn(client);
      else client.destroy();
    } catch (error) {
      if (!this.#isClosing) client.end(fatalError(String(Object(error).code ?? '58000'), 'could not open database'));
    }
  }

  async #serveInTurn(client: Socket): Promise<void> {
    client.setTimeout(0);
    const lease = await this.#backend.lease(client, dayMs);
    client.setTimeout(this.#idleMs);
    // The stream also ends when the client is killed. The next session rolls back its open transaction.
    await pipeline(client, lease.stream(), client)
      .catch(() => undefined)
      .finally(lease.end);
  }
}

// A lease lasts for one session: the owner's turn ends with the connection, and another process may be next.
function sharedLease(socket: Socket, end: () => void): Lease {
  let isUsed = false;
  return {
    isContinued: false,
    isReusable: false,
    stream() {
      isUsed = true;
      return connected(socket);
    },
    end() {
      if (!isUsed) socket.destroy();
      end();
    },
  };
}

// Wraps the socket for `pg`, which calls `connect` on its stream and waits for the `connect` event.
function connected(socket: Socket): Duplex {
  return Object.assign(socket, {
    connect() {
      const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      queueMicrotask(() => (socket.destroyed ? socket.emit('error', lost) : socket.emit('connect')));
      return socket;
    },
  });
}
