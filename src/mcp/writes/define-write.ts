import * as z from 'zod';
import type { Ask } from '../ask.ts';
import type { Caller, Effect, Reply, Tool } from '../tool.ts';

/** Arguments of every write. */
const writing = {
  idempotencyKey: z.string().min(1).max(200),
  dryRun: z.boolean().optional(),
  /** Code of the preview. */
  confirmation: z.string().max(100).optional(),
};

/** Data of every write. */
const written = {
  isDone: z.boolean(),
  confirmation: z.object({ code: z.string(), expiresAt: z.string() }).nullable(),
};

/** How a tool writes. It does the same for a preview, whose mutations are rolled back. */
export type Writing = {
  isPreview: boolean;
  ask: Ask;
  /** Runs mutations. In a preview, they only return what they would write. */
  write: <Data>(document: string, variables: object) => Promise<Data>;
  idempotencyKey: string;
  /** When the preview was made: the same for the preview, the write, and repeats of the write. */
  at: Date;
  /** Version of the object that the preview showed. Null in the preview itself, and for objects without a version. */
  version: number | null;
};

/** Result of a write. `version` is that of the object, if it must not change between the preview and the write. */
export type Written<Data extends object> = Reply<Data> & { version?: number };

type WriteTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape> = Pick<
  Tool,
  'name' | 'title' | 'description' | 'scopes'
> & {
  effect: Exclude<Effect, 'READ'>;
  input: Input;
  output: Output;
  run: (args: z.output<z.ZodObject<Input>>, writing: Writing) => Promise<Written<z.input<z.ZodObject<Output>>>>;
};

/**
 * Defines a tool that writes once its call is confirmed. Without a confirmation, it returns a preview and the code that
 * confirms it.
 */
export function defineWrite<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  tool: WriteTool<Input, Output>,
): Tool {
  const input = z.strictObject({ ...tool.input, ...writing });
  const output = z.object({ ...written, ...tool.output });
  const run: Tool['run'] = async (given, { ask, confirmations }: Caller) => {
    const { confirmation, dryRun, ...args } = given as z.output<z.ZodObject<typeof writing>>;
    const call = { tool: tool.name, args };
    const isPreview = confirmation === undefined || dryRun === true;
    const { at, version } = isPreview ? { at: new Date(), version: null } : confirmations.check(call, confirmation);
    const { idempotencyKey } = args;
    const options = isPreview ? { isDryRun: true } : { idempotencyKey };
    const write: Writing['write'] = (document, variables) => ask(document, variables, options);
    const result = await tool.run(args as never, { isPreview, ask, write, idempotencyKey, at, version });
    if (!isPreview) return { text: `DONE\n${result.text}`, data: { isDone: true, confirmation: null, ...result.data } };
    const issued = confirmations.issue(call, { at, version: result.version ?? null });
    return {
      text: `PREVIEW. Nothing has changed yet.\n${result.text}`,
      data: { isDone: false, confirmation: issued, ...result.data },
      confirmation: issued,
    };
  };
  return { ...tool, input, output, run };
}
