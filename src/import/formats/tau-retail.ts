import { z } from 'zod';
import { DomainError, problemsError } from '../../lib/errors.ts';
import { textOf } from '../files/encoding.ts';
import { linesOf } from '../files/lines.ts';
import { type ImportFile, type ImportFormat, type ImportItem, refusal, type SourceRow } from '../format.ts';

const user = z.object({
  name: z.object({ first_name: z.string(), last_name: z.string() }),
  address: z.object({
    address1: z.string(),
    address2: z.string(),
    city: z.string(),
    country: z.string(),
    state: z.string(),
    zip: z.string(),
  }),
  email: z.string(),
});

const product = z.object({
  name: z.string(),
  product_id: z.string(),
  variants: z.record(
    z.string(),
    z.object({
      item_id: z.string(),
      options: z.record(z.string(), z.string()),
      available: z.boolean(),
      price: z.number(),
    }),
  ),
});

const order = z.object({
  order_id: z.string(),
  user_id: z.string(),
  address: user.shape.address,
  items: z.array(z.object({ name: z.string(), product_id: z.string(), item_id: z.string(), price: z.number() })),
  fulfillments: z.array(z.object({ tracking_id: z.array(z.string()) })),
  status: z.string(),
  cancel_reason: z.string().nullish(),
  payment_history: z.array(
    z.object({ transaction_type: z.enum(['payment', 'refund']), amount: z.number(), payment_method_id: z.string() }),
  ),
});

const conversation = z.object({ messages_display: z.string() });

// Maps the statuses of the source to ours. "pending (items modified)" and similar count as pending.
const statuses: Record<string, { order: string; fulfillment: string }> = {
  pending: { order: 'UNFULFILLED', fulfillment: 'PENDING' },
  processed: { order: 'FULFILLED', fulfillment: 'IN_TRANSIT' },
  delivered: { order: 'FULFILLED', fulfillment: 'DELIVERED' },
  cancelled: { order: 'CANCELED', fulfillment: 'CANCELED' },
  'return requested': { order: 'FULFILLED', fulfillment: 'DELIVERED' },
  'exchange requested': { order: 'FULFILLED', fulfillment: 'DELIVERED' },
};

type Entry = { name: string; row: SourceRow; value: unknown } | { row: SourceRow; flaw: string };
type Kind = 'users' | 'products' | 'orders' | 'conversations';

/**
 * tau-bench retail: users, products and orders as JSON objects, conversations as JSON lines. The content of a file
 * shows which of these it holds; files are read in the order in which they refer to each other, each one as a whole.
 * The source has no dates and no currency: orders and conversation turns are one second apart, and amounts are in USD.
 */
export const tauRetail: ImportFormat = {
  needsUndatedAt: true,
  async *read(files, { source, undatedAt }) {
    let next = undatedAt?.getTime() ?? 0;
    const tick = () => {
      const at = new Date(next);
      next += 1_000;
      return at;
    };
    const named = (value: string) => ({ externalId: { source, value } });
    const read: Record<Kind, (entry: unknown, name: string, row: SourceRow) => Iterable<ImportItem>> = {
      users: (entry, name, row) => customer(user.parse(entry), named(name), row),
      products: (entry, _name, row) => productOf(product.parse(entry), named, row),
      orders: (entry, _name, row) => orderOf(order.parse(entry), named, tick(), row),
      conversations: (entry, name, row) => caseOf(conversation.parse(entry).messages_display, name, named, tick, row),
    };
    const parsed = await Promise.all(files.map(parseFile));
    for (const kind of ['users', 'products', 'orders', 'conversations'] as const) {
      for (const entry of parsed.filter((file) => file.kind === kind).flatMap(({ entries }) => entries)) {
        if ('flaw' in entry) yield refusal(entry.flaw, [entry.row]);
        else yield* refuseMalformed(() => read[kind](entry.value, entry.name, entry.row), entry.row, entry.name);
      }
    }
  },
};

function* refuseMalformed(read: () => Iterable<ImportItem>, row: SourceRow, name: string): Generator<ImportItem> {
  try {
    yield* read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => ({
      code: 'INVALID_INPUT' as const,
      message: `${message}.`,
      field: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    }));
    yield { error: problemsError(problems), rows: [row], key: { externalId: name } };
  }
}

async function parseFile(file: ImportFile): Promise<{ kind: Kind; entries: Entry[] }> {
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

type Named = (value: string) => { externalId: { source: string; value: string } };

function* customer(
  { name, address, email }: z.output<typeof user>,
  key: ReturnType<Named>,
  row: SourceRow,
): Generator<ImportItem> {
  const input = {
    key,
    givenName: name.first_name,
    familyName: name.last_name,
    contactPoints: [{ kind: 'EMAIL', value: email }],
    country: 'US',
    addresses: [{ kind: 'SHIPPING', ...addressOf(address) }],
  };
  yield { type: 'customer', key: { externalId: key.externalId.value }, input, rows: [row] };
}

function* productOf(
  { name, product_id, variants }: z.output<typeof product>,
  named: Named,
  row: SourceRow,
): Generator<ImportItem> {
  const input = {
    key: named(product_id),
    title: name,
    variants: Object.values(variants).map(({ item_id, options, available, price }) => ({
      sku: item_id,
      options,
      price: String(price),
      currencyCode: 'USD',
      isAvailable: available,
    })),
  };
  yield { type: 'product', key: { externalId: product_id }, input, rows: [row] };
}

function* orderOf(entry: z.output<typeof order>, named: Named, placedAt: Date, row: SourceRow): Generator<ImportItem> {
  const status = statuses[entry.status.replace(/ \(.*/, '')];
  if (!status) {
    const message = 'Unknown order status.';
    const error = problemsError([{ code: 'INVALID_INPUT', message, field: ['status'] }]);
    yield { error, rows: [row], type: 'order', key: { externalId: entry.order_id } };
    return;
  }
  const input = {
    key: named(entry.order_id),
    customer: named(entry.user_id),
    channel: 'WEB',
    placedAt,
    currencyCode: 'USD',
    status: status.order,
    cancelReason: entry.cancel_reason,
    shippingAddress: addressOf(entry.address),
    lines: entry.items.map(({ name, product_id, item_id, price }) => ({
      product: named(product_id),
      sku: item_id,
      title: name,
      quantity: 1,
      unitPrice: String(price),
    })),
    payments: entry.payment_history.map(({ transaction_type, amount, payment_method_id }) => ({
      kind: transaction_type === 'payment' ? 'PAYMENT' : 'REFUND',
      method: payment_method_id.replace(/_\d+$/, ''),
      amount: String(amount),
    })),
    fulfillments: entry.fulfillments.map(({ tracking_id }) => ({
      status: status.fulfillment,
      trackingNumber: tracking_id.join(', '),
    })),
  };
  yield { type: 'order', key: { externalId: entry.order_id }, input, rows: [row] };
}

function addressOf({ address1, address2, city, state, zip }: z.output<typeof user>['address']) {
  return { lines: [address1, address2].filter(Boolean), city, region: state, postalCode: zip, countryCode: 'US' };
}

const speakers = {
  user: { direction: 'INBOUND', kind: 'MESSAGE', actor: { kind: 'CUSTOMER' } },
  assistant: { direction: 'OUTBOUND', kind: 'MESSAGE', actor: { kind: 'BOT' } },
  tool: { direction: 'INTERNAL', kind: 'SYSTEM', actor: { kind: 'SYSTEM' } },
} as const;

// A conversation becomes one case. Each turn with text becomes an interaction of that case.
function* caseOf(display: string, name: string, named: Named, tick: () => Date, row: SourceRow): Generator<ImportItem> {
  const turns = turnsOf(display).map((turn) => ({ ...turn, at: tick() }));
  const looked = turns.filter(({ speaker }) => speaker === 'tool').map(({ text }) => text);
  const userId = looked
    .map((text) => /^[a-z]+_[a-z]+_\d+$/.exec(text)?.[0] ?? /"user_id": "([^"]+)"/.exec(text)?.[1])
    .find(Boolean);
  const [first, last] = [turns.at(0), turns.at(-1)];
  if (!first || !last) {
    yield refusal('This conversation is empty.', [row], { type: 'case', key: { externalId: name } });
    return;
  }
  const orderId = looked.map((text) => /"order_id": "([^"]+)"/.exec(text)?.[1]).find(Boolean);
  const isTransferred = last.text.startsWith('Transfer successful');
  // Some users never identify themselves.
  const about = { ...(userId && { customer: named(userId) }), ...(orderId && { order: named(orderId) }) };
  const subject = (turns.find(({ speaker }) => speaker === 'user')?.text ?? name).split('\n')[0] ?? name;
  const outcome = isTransferred
    ? {
        status: 'OPEN',
        handoff: {
          occurredAt: last.at,
          fromKind: 'BOT',
          to: 'human agent',
          reason: 'The request is beyond what the assistant may do.',
        },
      }
    : { status: 'RESOLVED', resolvedAt: last.at };
  const answered = turns.find(({ speaker }) => speaker === 'assistant')?.at;
  yield {
    type: 'case',
    key: { externalId: name },
    input: {
      key: named(name),
      ...about,
      kind: 'REQUEST',
      // Drop a trailing half of a surrogate pair.
      subject: subject.slice(0, 200).replace(/[\ud800-\udbff]$/, ''),
      openedAt: first.at,
      firstResponseAt: answered,
      ...outcome,
    },
    rows: [row],
  };
  for (const [i, { speaker, text, at }] of turns.entries()) {
    const externalId = `${name}-${i + 1}`;
    const input = {
      key: named(externalId),
      case: named(name),
      ...about,
      channel: 'LIVE_CHAT',
      occurredAt: at,
      ...speakers[speaker],
      body: text,
    };
    yield { type: 'interaction', key: { externalId }, input, rows: [], from: row };
  }
}

// `assistant: None` marks a tool call, and ###STOP### the end of the script. Neither is part of the conversation.
function turnsOf(display: string): { speaker: keyof typeof speakers; text: string }[] {
  return display.split(/^(?=(?:user|assistant|tool): )/m).flatMap((turn) => {
    const [, speaker, text] = /^(user|assistant|tool): (.*)$/s.exec(turn) ?? [];
    const said = text?.replaceAll('###STOP###', '').trim();
    if (!said || said === 'None' || !(speaker === 'user' || speaker === 'assistant' || speaker === 'tool')) return [];
    return [{ speaker, text: said }];
  });
}
