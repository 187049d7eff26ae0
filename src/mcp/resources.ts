import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import { ToolError } from './ask.ts';
import { callTool } from './call-tool.ts';
import { type Caller, isOpenTo } from './tool.ts';
import { getCustomerContext } from './tools/get-customer-context.ts';

const mimeType = 'text/plain';

const parameters = ['assurance', 'proof', 'purpose', 'language', 'maxTokens'];

/** Resources that a user of a client attaches to a conversation. Each shows what a tool returns. */
const templates = [
  {
    tool: getCustomerContext,
    template: {
      uriTemplate: `rapport://customers/{customerId}/context{?${parameters.join(',')}}`,
      name: 'customer_context',
      title: 'Customer context',
      description: 'What matters about a customer before you reply, as get_customer_context returns it.',
      mimeType,
    },
  },
];

/** Templates of the resources that a key with these scopes can read. */
export function resourceTemplates(scopes: ReadonlySet<string>) {
  return templates.flatMap(({ tool, template }) => (isOpenTo(scopes, tool) ? [template] : []));
}

/** Reads a resource. Throws `ResourceNotFoundError`, or a `ToolError` that names the problem. */
export async function readResource(uri: string, caller: Caller) {
  try {
    const { text } = await callTool(getCustomerContext, argumentsIn(uri), caller);
    return { contents: [{ uri, mimeType, text }] };
  } catch (error) {
    throw error instanceof ToolError && error.code === 'NOT_FOUND' ? new ResourceNotFoundError(uri) : error;
  }
}

function argumentsIn(uri: string): Record<string, unknown> {
  const parsed = URL.canParse(uri) ? new URL(uri) : null;
  const [, customerId] = /^\/([\w-]+)\/context$/.exec(parsed?.pathname ?? '') ?? [];
  if (parsed?.protocol !== 'rapport:' || parsed.host !== 'customers' || customerId === undefined)
    throw new ResourceNotFoundError(uri);
  // The path alone names the customer.
  if ([...parsed.searchParams.keys()].some((name) => !parameters.includes(name)))
    throw new ToolError('INVALID_INPUT', `Send only these parameters: ${parameters.join(', ')}.`);
  const { maxTokens, ...query } = Object.fromEntries(parsed.searchParams);
  return { ...query, customerId, ...(maxTokens !== undefined && { maxTokens: Number(maxTokens) }) };
}
