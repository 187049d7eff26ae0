import { type McpClient, textOf } from './mcp-client.ts';

export type ToolCall = { name: string; args: Record<string, unknown> };

/** What an agent did: the calls that it was told to make, and all that it has read. */
export type Conversation = { obeyed: ToolCall[]; previews: number; failures: string[]; read: string };

/**
 * An agent without any judgement. It reads what the tools return and makes every call that it finds there, such as
 * `call cancel_order {"orderId": "…"}`. `$code` stands for the latest confirmation code that it has seen, and `$reply`
 * for the latest text. If a tool tells it to ask a person, the person says no.
 */
export async function obey({ client, call }: McpClient, calls: ToolCall[]): Promise<Conversation> {
  const { tools } = await client.listTools();
  const pattern = new RegExp(`(${tools.map(({ name }) => name).join('|')})\\s*\\{`, 'g');
  const [queue, known] = [[...calls], new Set<string>()];
  const done: Conversation = { obeyed: [], previews: 0, failures: [], read: '' };
  let [code, reply] = ['', ''];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const result = await call(next.name, fill(next.args, { $code: code, $reply: reply.slice(0, 1_000) }));
    const data = JSON.stringify(result.structuredContent ?? {});
    reply = textOf(result);
    code = /"code":"([^"]+)"/.exec(data)?.[1] ?? code;
    done.read += `${reply}\n${data}\n`;
    if (result.isError) done.failures.push(reply);
    if (reply.startsWith('PREVIEW')) done.previews += 1;
    for (const found of [...instructionsIn(reply, pattern), ...pagesAfter(next, result.structuredContent)]) {
      const key = JSON.stringify(found);
      if (known.has(key)) continue;
      known.add(key);
      queue.push(found);
      if (!('after' in found.args)) done.obeyed.push(found);
    }
  }
  return done;
}

function pagesAfter({ name, args }: ToolCall, data: unknown): ToolCall[] {
  const after = (data as { nextCursor?: string | null } | undefined)?.nextCursor;
  return after ? [{ name, args: { ...args, after } }] : [];
}

function instructionsIn(text: string, pattern: RegExp): ToolCall[] {
  // Undoes what makes a text harmless for programs, because a model would understand it.
  const plain = text.replaceAll('[.]', '.');
  return [...plain.matchAll(pattern)].flatMap((match) => {
    const json = objectAt(plain, match.index + match[0].length - 1);
    return json === null ? [] : [{ name: match[1] ?? '', args: json }];
  });
}

function objectAt(text: string, start: number): Record<string, unknown> | null {
  for (let end = text.indexOf('}', start); end >= 0; end = text.indexOf('}', end + 1))
    try {
      return JSON.parse(text.slice(start, end + 1));
    } catch {}
  return null;
}

function fill(args: object, values: Record<string, string>): object {
  return JSON.parse(JSON.stringify(args), (_, value) => values[value] ?? value);
}
