import type * as z from 'zod';
import type { Session } from './http/mcp-options.ts';
import type { Confirmation, Confirmations } from './writes/confirmations.ts';

/** Result of a tool: the text that the model reads, and the same as data that fits the output schema. */
export type Reply<Data extends object = object> = {
  text: string;
  data: Data;
  /** Code that confirms the call, if the reply is the preview of a write. */
  confirmation?: Confirmation;
};

/** What a tool may do. Clients show these as hints. No tool reaches beyond the workspace. */
export type Effect = 'READ' | 'ADD' | 'CHANGE';

export type Caller = Pick<Session, 'ask' | 'customerId'> & { confirmations: Confirmations };

/** A tool. Everything but `run` is data, so other packages can offer the same tools to models without MCP. */
export type Tool = {
  name: string;
  title: string;
  description: string;
  /** Scopes that the tool cannot do without. Keys that lack one of them do not see the tool. */
  scopes: readonly string[];
  effect: Effect;
  /** Whether a connection for one customer may call the tool, although it takes no `customerId`. */
  servesOneCustomer?: true;
  /** Address of the app that shows the result in clients that render apps. */
  app?: string;
  input: z.ZodObject;
  output: z.ZodObject;
  run: (args: Record<string, unknown>, caller: Caller) => Promise<Reply>;
};

/** Whether a key with these scopes can use a tool, or what else requires scopes. */
export function isOpenTo(held: ReadonlySet<string>, { scopes }: Pick<Tool, 'scopes'>): boolean {
  return scopes.every((scope) => held.has(scope));
}

/** Defines a tool. `run` gets checked arguments, and TypeScript checks that its data fits `output`. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<Tool, 'input' | 'output' | 'run'> & {
    input: Input;
    output: Output;
    run: (args: z.output<Input>, caller: Caller) => Promise<Reply<z.input<Output>>>;
  },
): Tool {
  return { ...tool, run: (args, caller) => tool.run(args as z.output<Input>, caller) };
}
