import { DomainError } from '../../../lib/errors.ts';
import { textOf } from '../../files/encoding.ts';
import { linesOf } from '../../files/lines.ts';
import type { ImportFile, SourceRow } from '../../format.ts';
import { order, product, user } from './source-types.ts';

/** One object of a file, or the reason why it cannot be read. */
export type Entry = { name: string; row: SourceRow; value: unknown } | { row: SourceRow; flaw: string };
export type Kind = 'users' | 'products' | 'orders' | 'conversations';

/** Reads the entries of a file, and finds out from them what the file holds. */
export async function parseFile(file: ImportFile): Promise<{ kind: Kind; entries: Entry[] }> {
  if (await isConversations(file)) return { kind: 'conversations', entries: await conversationsOf(file) };
  const entries = entriesOf(await textOf(file), file.path);
  const [first] = entries;
  if (first && 'value' in first) {
    if (user.safeParse(first.value).success) return { kind: 'users', entries };
    if (product.safeParse(first.value).success) return { kind: 'products', entries };
    if (order.safeParse(first.value).success) return { kind: 'orders', entries };
  }
  throw new DomainError(
    'INVALID_INPUT',
    `${file.path} does not contain tau-retail users, products, orders or conversations.`,
  );
}

async function isConversations(file: ImportFile): Promise<boolean> {
  for await (const line of linesOf(file)) if ('text' in line) return line.text.startsWith('{"messages_display"');
  return false;
}

async function conversationsOf(file: ImportFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const line of linesOf(file)) {
    if ('text' in line && line.text.trim() === '') continue;
    const name = `conversation-${entries.length + 1}`;
    const at = { file: file.path, line: line.number };
    if ('flaw' in line) entries.push({ row: at, flaw: line.flaw });
    else {
      const value = parseJson(line.text);
      if (value === undefined)
        entries.push({ row: { ...at, json: () => JSON.stringify(line.text) }, flaw: 'Not valid JSON.' });
      else entries.push({ name, row: { ...at, json: () => line.text }, value });
    }
  }
  return entries;
}

// Returns the entries of an object, each with the line of its name.
function entriesOf(text: string, file: string): Entry[] {
  const lines = new Map<string, number>();
  let [line, counted] = [1, 0];
  for (const { 0: found, 1: name = '', index } of text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*\{/g)) {
    line += text.slice(counted, index).split('\n').length - 1;
    counted = index;
    if (found && !lines.has(name)) lines.set(name, line);
  }
  const entries = Object.entries(Object(parseJson(text)));
  return entries.map(([name, value]) => {
    const row = { file, line: lines.get(name) ?? 1, json: () => JSON.stringify({ [name]: value }) };
    return { name, row, value };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
