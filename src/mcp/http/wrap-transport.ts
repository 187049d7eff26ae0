import type { Server, Transport } from '@modelcontextprotocol/server';

/** Makes a server connect to what `wrap` returns for its transport, because the SDK creates the transport. */
export function wrapTransport(server: Server, wrap: (transport: Transport) => Transport): void {
  const { connect } = server;
  // Functions are named before they are assigned, or V8 keeps what they refer to in memory for long (decision 0011).
  const connectWrapped: Server['connect'] = (transport) => connect.call(server, wrap(transport));
  server.connect = connectWrapped;
}
