import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';

// Remaining bytes of each request.
const left = new WeakMap<Context, number>();

/**
 * Returns how many bytes of long values a mutation may write to the audit log. The limit is the size of its input, and
 * the size of the request for all its mutations together: mutations that share a variable have larger inputs than the
 * request.
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
