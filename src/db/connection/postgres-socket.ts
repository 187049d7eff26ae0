import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

const buffer = Buffer.allocUnsafeSlow(65_536);

/**
 * Creates the socket of a connection to PostgreSQL. All sockets read into one buffer, and copy what they receive. Node
 * would otherwise allocate 64 kB for each read.
 */
export function postgresSocket(): Socket {
  const onread: OnReadOpts = {
    buffer,
    callback(length) {
      socket.emit('data', Buffer.from(buffer.subarray(0, length)));
      return true;
    },
  };
  const socket = new Socket({ onread } as SocketConstructorOpts);
  return socket;
}
