import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../lib/errors.ts';
import { withShortPath } from './short-path.ts';

/** Either this process owns the folder and runs a server for others, or it is connected to the owner. */
export type Ownership = { server: Server } | { socket: Socket };

/**
 * Connects to the owner of a data folder, or becomes the owner. A listening socket in the folder is the lock: the
 * operating system closes it when the process ends, and refuses connections from then on. The lock therefore works
 * across users and PID namespaces, and a stale one keeps nobody out.
 */
export async function ownOrConnect(folder: string, onConnection: (socket: Socket) => void): Promise<Ownership> {
  const find = process.platform === 'win32' ? byPipe : bySocket;
  for (;;) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const found = await find(folder, onConnection);
      if (found) return found;
    } catch (error) {
      if (['EACCES', 'EPERM'].includes(codeOf(error))) throw ofAnotherUser(folder);
      // The owner's backlog of connections is full, or the owner is about to stop.
      if (!['EAGAIN', 'ECONNRESET'].includes(codeOf(error))) throw error;
    }
    await sleep(10);
  }
}

function ofAnotherUser(folder: string): DomainError {
  return new DomainError(
    'CONFLICT',
    `The embedded database in ${folder} belongs to another user. Run this as that user, or set RAPPORT_DATA_DIR to another folder.`,
  );
}

// A named pipe disappears with its process, and only one process can create it.
async function byPipe(folder: string, onConnection: (socket: Socket) => void): Promise<Ownership | null> {
  const name = createHash('sha256').update(realpathSync.native(folder).toLowerCase()).digest('hex');
  const path = `\\\\.\\pipe\\rapport-${name}`;
  const socket = await connectTo(path);
  if (socket) return { socket };
  const server = createServer(onConnection);
  return (await listen(server, path)) ? { server } : null;
}

// A socket file remains after its process ends, and replacing it would race. Each owner therefore creates a new one in
// a folder with the next higher number. The newest folder is never removed, so no two owners get the same number.
async function bySocket(folder: string, onConnection: (socket: Socket) => void): Promise<Ownership | null> {
  const newest = newestOwner(folder);
  const socket = newest > 0 ? await connectTo(socketIn(folder, newest)) : null;
  if (socket) return { socket };

  // Only this user can enter the folder.
  const made = mkdtempSync(join(folder, 'owner.new-'));
  const own = join(folder, `owner.${newest + 1}`);
  const server = createServer(onConnection);
  const isNamed = (await listen(server, join(made, 'socket'))) && rename(made, own);
  if (isNamed && newestOwner(folder) === newest + 1) {
    removeEarlier(folder, newest + 1);
    return { server };
  }
  server.close();
  remove(isNamed ? own : made);
  return null;
}

function newestOwner(folder: string): number {
  return Math.max(0, ...readdirSync(folder).map(ownerNumber));
}

function ownerNumber(name: string): number {
  return Number(/^owner\.(\d+)$/.exec(name)?.[1] ?? 0);
}

function socketIn(folder: string, owner: number): string {
  return join(folder, `owner.${owner}`, 'socket');
}

// Removes earlier sockets, leftovers of killed processes, and the lock file of older versions.
function removeEarlier(folder: string, owner: number): void {
  for (const name of readdirSync(folder)) {
    const number = ownerNumber(name);
    const isEarlier = (number > 0 && number < owner) || name.startsWith('owner.new-') || name === 'lock';
    if (isEarlier) remove(join(folder, name));
  }
}

// If another process is about to listen there, removal fails, and the next owner removes it.
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}

// Fails if a folder of that name already holds a socket, or if another owner has removed ours.
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) return false;
    throw error;
  }
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.on('error', (error) => {
      if (['EADDRINUSE', 'ENOENT'].includes(codeOf(error))) resolve(false);
      else reject(error);
    });
    withShortPath(path, (short) => server.listen(short, () => resolve(true)));
  });
}

/** Resolves to null if no process listens there. */
function connectTo(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = withShortPath(path, (short) => connect(short));
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => {
      if (['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))) resolve(null);
      else reject(error);
    });
  });
}

function codeOf(error: unknown): string {
  return String(Object(error).code);
}
