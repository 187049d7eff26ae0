import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from './context.ts';

// What is left of the size of each request.
const left = new WeakMap<Context, number>();

/**
 * Bytes of long values that one mutation may write to the audit log: as many as its input has, and all mutations of a
 * request together no more than the request. Several that share a variable have larger inputs than that.
 */
export function valueBytesOf(
  input: unknown,
  context: Context,
  { operation, variableValues }: GraphQLResolveInfo,
): number {
  const rest = left.get(context) ?? bytesOf(operation.loc?.source.body) + bytesOf(variableValues);
  const bytes = Math.min(bytesOf(input), rest);
  left.set(context, rest - bytes);
  return bytes;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
