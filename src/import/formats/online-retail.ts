import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { countryCodeOf } from '../../lib/countries.ts';
import { DomainError } from '../../lib/errors.ts';
import { amount, sum } from '../../lib/money.ts';
import { instantOf } from '../../lib/zoned-time.ts';
import type { ImportFile, ImportFormat, ImportItem, Refusal } from '../format.ts';

type Row = {
  line: number;
  invoice: string;
  code: string;
  title: string;
  quantity: number;
  time: string;
  price: string;
  customer: string | null;
  country: string | null;
};

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
];

// Postage, carriage, discounts, fees, samples, corrections: lines of an order, but nothing one could own.
const services = new Set([
  'POST',
  'DOT',
  'C2',
  'C3',
  'M',
  'D',
  'S',
  'B',
  'CRUK',
  'BANK CHARGES',
  'AMAZONFEE',
  'ADJUST',
  'ADJUST2',
]);

// Rows of one invoice may stand a little apart; further apart they are refused rather than held in memory.
const windowRows = 200;
const remembered = 200_000;

/**
 * UCI Online Retail: one row is one order line. An invoice is an order, a `C` invoice a return of that customer with no
 * order known. Rows that are neither sale nor return are refused.
 */
export const onlineRetail: ImportFormat = {
  needsUndatedAt: false,
  async *read(files, { source }) {
    const known = { products: new Map<string, boolean>(), customers: new Set<string>() };
    for await (const item of invoices(rowsOf(files))) {
      if ('reason' in item) yield item;
      else yield* recordsOf(item, source, known);
    }
  },
};

// A chunk of the file at a time: a promise for each of its rows would cost more than reading them.
async function* rowsOf(files: ImportFile[]): AsyncGenerator<(Row | Refusal)[]> {
  let line = 0;
  for (const file of files) {
    let isHeader = true;
    const read = (rows: string[][]) =>
      rows.flatMap((cells) => {
        line += 1;
        if (!isHeader) return [readRow(cells, line)];
        isHeader = false;
        checkHeader(cells, file.path);
        return [];
      });
    const { push, end } = csvReader();
    for await (const chunk of file.open()) yield read(await push(chunk));
    const { rows, isCut } = await end();
    yield read(rows);
    if (isHeader && isCut) checkHeader([], file.path);
    if (isCut)
      yield [{ reason: 'A quote opens here that is not closed up to the end of the file.', lines: [line + 1] }];
  }
}

function csvReader() {
  const rows: string[][] = [];
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true });
  parser.on('data', (cells: string[]) => rows.push(cells));
  const ended = finished(parser).then(
    () => false,
    (error: unknown) => {
      if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return true;
      throw error;
    },
  );
  ended.catch(() => undefined);
  const taken = () => rows.splice(0);
  return {
    async push(chunk: Buffer): Promise<string[][]> {
      await new Promise<void>((resolve, reject) => {
        parser.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
      return taken();
    },
    /** The last rows, and whether the file ends inside a quoted cell. */
    async end(): Promise<{ rows: string[][]; isCut: boolean }> {
      parser.end();
      const isCut = await ended;
      return { rows: taken(), isCut };
    },
  };
}

function checkHeader(cells: string[], path: string): void {
  if (columns.some((column, i) => cells[i] !== column))
    throw new DomainError('INVALID_INPUT', `${path} does not begin with ${columns.join(',')}.`);
}

function readRow(cells: string[], line: number): Row | Refusal {
  const [invoice = '', code = '', title = '', quantity = '', time = '', price = '', customer = '', country = ''] =
    cells.map((cell) => cell.trim());
  const refuse = (reason: string) => ({ reason, lines: [line] });
  if (cells.length !== columns.length) return refuse(`Has ${cells.length} columns, not ${columns.length}.`);
  if (invoice === '' || code === '') return refuse('InvoiceNo and StockCode must be given.');
  if (/^A/i.test(invoice))
    return refuse('Is a bad-debt adjustment (InvoiceNo begins with A), neither sale nor return.');
  if (!/^-?\d+$/.test(quantity)) return refuse('Quantity is not a whole number.');
  if (!/^\d+(\.\d{1,4})?$/.test(price))
    return refuse('UnitPrice is not a decimal of zero or more, with at most four places.');
  const isReturn = /^C/i.test(invoice);
  if (!isReturn && Number(quantity) <= 0)
    return refuse('Quantity is not positive, and the invoice is no return (InvoiceNo without C).');
  if (isReturn && Number(quantity) >= 0)
    return refuse('Quantity is not negative, though the invoice is a return (InvoiceNo begins with C).');
  return {
    line,
    invoice,
    code,
    title,
    quantity: Math.abs(Number(quantity)),
    time,
    price,
    customer: customer === '' ? null : customer.replace(/\.0$/, ''),
    country: countryCodeOf(country),
  };
}

// Gathers the rows of each invoice.
async function* invoices(chunks: AsyncIterable<(Row | Refusal)[]>): AsyncGenerator<Row[] | Refusal> {
  const open = new Map<string, Row[]>();
  const closed = new Set<string>();
  for await (const rows of chunks) {
    for (const row of rows) {
      if ('reason' in row) {
        yield row;
        continue;
      }
      if (closed.has(row.invoice)) {
        yield { reason: `Other rows of this invoice are more than ${windowRows} rows away.`, lines: [row.line] };
        continue;
      }
      const group = open.get(row.invoice) ?? [];
      group.push(row);
      open.delete(row.invoice);
      open.set(row.invoice, group);
      for (const [invoice, group] of open) {
        if ((group.at(-1)?.line ?? 0) + windowRows >= row.line) break;
        open.delete(invoice);
        closed.add(invoice);
        if (closed.size > remembered) closed.delete([...closed.keys()][0] ?? '');
        yield group;
      }
    }
  }
  yield* open.values();
}

function* recordsOf(
  rows: Row[],
  source: string,
  known: { products: Map<string, boolean>; customers: Set<string> },
): Generator<ImportItem> {
  const [first] = rows;
  if (!first) return;
  const lines = rows.map(({ line }) => line);
  const at = instantOf(first.time, 'Europe/London');
  if (!at) {
    yield { reason: 'InvoiceDate is not a date such as 2010-12-01 08:26:00.', lines };
    return;
  }
  const named = (value: string) => ({ externalId: { source, value } });
  if (first.customer && !known.customers.has(first.customer)) {
    known.customers.add(first.customer);
    yield {
      type: 'customer',
      input: { key: named(first.customer), ...(first.country && { country: first.country }) },
      lines: [],
    };
  }

  const common = {
    key: named(first.invoice),
    currencyCode: 'GBP',
    ...(first.customer && { customer: named(first.customer) }),
  };
  if (/^C/i.test(first.invoice)) {
    const returned = rows.map(({ code, title, quantity, price }) => ({
      sku: code,
      title: title || code,
      quantity,
      total: amount(price).times(quantity).toFixed(),
    }));
    const refundAmount = sum(returned.map(({ total }) => amount(total))).toFixed();
    yield {
      type: 'return',
      input: { ...common, kind: 'RETURN', status: 'COMPLETED', occurredAt: at, refundAmount, lines: returned },
      lines,
    };
    return;
  }
  for (const { code, title } of rows) {
    // A code may first come without a description, and take its title from a later row.
    if (isService(code) || known.products.get(code) || (known.products.has(code) && !title)) continue;
    known.products.set(code, title !== '');
    yield { type: 'product', input: { key: named(code), ...(title && { title }) }, lines: [] };
  }
  const sold = rows.map(({ code, title, quantity, price }) => ({
    ...(!isService(code) && { product: named(code) }),
    sku: code,
    title: title || code,
    quantity,
    unitPrice: price,
  }));
  const shipping = first.country ? { shippingAddress: { lines: [], countryCode: first.country } } : {};
  yield {
    type: 'order',
    input: {
      ...common,
      channel: 'WEB',
      placedAt: at,
      status: 'FULFILLED',
      paymentStatus: 'PAID',
      lines: sold,
      ...shipping,
    },
    lines,
  };
}

function isService(code: string): boolean {
  return services.has(code.toUpperCase());
}
