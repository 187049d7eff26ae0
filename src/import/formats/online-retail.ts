import { countryCodeOf } from '../../lib/countries.ts';
import { DomainError, type Problem, problemsError } from '../../lib/errors.ts';
import { amount, sum } from '../../lib/money.ts';
import { instantOf } from '../../lib/zoned-time.ts';
import { type CsvRow, csvRowsOf } from '../files/csv.ts';
import {
  type ImportFile,
  type ImportFormat,
  type ImportItem,
  type Refusal,
  refusal,
  type SourceRow,
} from '../format.ts';
import { damaged, isDamaged } from '../rows/identifiers.ts';

type Row = {
  at: SourceRow;
  /** Position among the rows of all files, from 1. */
  ordinal: number;
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

// Codes for postage, carriage, discounts, fees, samples and corrections. They appear on order lines but are not
// products.
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

// Rows of one invoice may be this far apart. Rows further apart are rejected, since holding them would take too much
// memory.
const windowRows = 200;
const remembered = 200_000;

/**
 * UCI Online Retail: each row is an order line. An invoice is an order; an invoice that begins with `C` is a return by
 * that customer, without a known order. Rows that are neither a sale nor a return are rejected.
 */
export const onlineRetail: ImportFormat = {
  needsUndatedAt: false,
  async *read(files, { source }) {
    const known = { codes: new Map<string, StockCode>(), customers: new Set<string>() };
    for await (const item of invoices(rowsOf(files))) {
      if ('error' in item) yield item;
      else yield* recordsOf(item, source, known);
    }
  },
};

async function* rowsOf(files: ImportFile[]): AsyncGenerator<(Row | Refusal)[]> {
  let ordinal = 0;
  for (const file of files) {
    let isHeader = true;
    for await (const rows of csvRowsOf(file)) {
      const read: (Row | Refusal)[] = [];
      for (const row of rows) {
        if (isHeader) checkHeader(row.cells, file.path);
        else read.push(readRow(row, file.path, ++ordinal));
        isHeader = false;
      }
      yield read;
    }
  }
}

// A class instead of a closure, because every row of a batch has one and a closure takes more memory.
class CsvSourceRow implements SourceRow {
  readonly file: string;
  readonly line: number;
  readonly #cells: string[];

  constructor(file: string, line: number, cells: string[]) {
    this.file = file;
    this.line = line;
    this.#cells = cells;
  }

  json(): string {
    return JSON.stringify(Object.fromEntries(this.#cells.map((cell, i) => [columns[i] ?? i, cell])));
  }
}

function checkHeader(cells: string[], path: string): void {
  if (columns.some((column, i) => cells[i] !== column))
    throw new DomainError('INVALID_INPUT', `${path} must begin with the header ${columns.join(',')}.`);
}

function readRow({ line, cells, flaw }: CsvRow, file: string, ordinal: number): Row | Refusal {
  const at = new CsvSourceRow(file, line, cells);
  if (flaw !== null) return refusal(flaw, [{ file, line }]);
  if (cells.length !== columns.length) return refusal(`Expected ${columns.length} columns, got ${cells.length}.`, [at]);
  const [invoice = '', code = '', title = '', quantity = '', time = '', price = '', customer = '', country = ''] =
    cells.map((cell) => cell.trim());
  if (/^A/i.test(invoice)) {
    const error = problem('InvoiceNo', 'Bad-debt adjustments (InvoiceNo begins with A) are not imported.');
    return { error: problemsError([error]), rows: [at], key: keyOf(invoice) };
  }
  const isReturn = /^C/i.test(invoice);
  const problems: Problem[] = [];
  const check = (column: string, flaw: string | false) => {
    if (flaw !== false) problems.push(problem(column, flaw));
  };
  check('InvoiceNo', invoice === '' && 'This field is required.');
  check('StockCode', code === '' && 'This field is required.');
  check('InvoiceNo', isDamaged(invoice) && damaged);
  check('StockCode', isDamaged(code) && damaged);
  check('CustomerID', isDamaged(customer) && damaged);
  check('Quantity', quantityFlaw(quantity, isReturn));
  check(
    'UnitPrice',
    !/^\d{1,15}(\.\d{1,4})?$/.test(price) &&
      'Must be a decimal of zero or more, with at most 15 digits before the point and four after it.',
  );
  if (problems.length > 0) return { error: problemsError(problems), rows: [at], key: keyOf(invoice) };
  return {
    at,
    ordinal,
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

function quantityFlaw(quantity: string, isReturn: boolean): string | false {
  if (!/^-?\d+$/.test(quantity)) return 'Must be a whole number.';
  if (!isReturn && Number(quantity) <= 0) return 'Must be positive for a sale. (InvoiceNo of a return begins with C.)';
  return isReturn && Number(quantity) >= 0 && 'Must be negative for a return (InvoiceNo begins with C).';
}

function problem(column: string, message: string): Problem {
  return { code: 'INVALID_INPUT', message, field: [column] };
}

function keyOf(invoice: string): unknown {
  return invoice === '' ? undefined : { externalId: invoice };
}

// Groups the rows by invoice.
async function* invoices(chunks: AsyncIterable<(Row | Refusal)[]>): AsyncGenerator<Row[] | Refusal> {
  const open = new Map<string, Row[]>();
  const closed = new Set<string>();
  for await (const rows of chunks) {
    for (const row of rows) {
      if ('error' in row) {
        yield row;
        continue;
      }
      if (closed.has(row.invoice)) {
        const reason = `Other rows of this invoice are more than ${windowRows} rows away. Sort the file by invoice.`;
        yield refusal(reason, [row.at], { key: keyOf(row.invoice) });
        continue;
      }
      const group = open.get(row.invoice) ?? [];
      group.push(row);
      open.delete(row.invoice);
      open.set(row.invoice, group);
      for (const [invoice, group] of open) {
        if ((group.at(-1)?.ordinal ?? 0) + windowRows >= row.ordinal) break;
        open.delete(invoice);
        closed.add(invoice);
        if (closed.size > remembered) closed.delete([...closed.keys()][0] ?? '');
        yield group;
      }
    }
  }
  yield* open.values();
}

/** State of a stock code. `key` is the key of its product, or null for a service. */
type StockCode = { key: object | null; isSent: boolean; isTitled: boolean };

function* recordsOf(
  rows: Row[],
  source: string,
  known: { codes: Map<string, StockCode>; customers: Set<string> },
): Generator<ImportItem> {
  const [first] = rows;
  if (!first) return;
  const sourceRows = rows.map(({ at }) => at);
  const key = keyOf(first.invoice);
  const at = instantOf(first.time, 'Europe/London');
  if (!at) {
    const error = problemsError([problem('InvoiceDate', 'Must be a date and time such as 2010-12-01 08:26:00.')]);
    yield { error, rows: sourceRows, key };
    return;
  }
  const named = (value: string) => ({ externalId: { source, value } });
  const stockCode = (code: string): StockCode => {
    const found = known.codes.get(code);
    if (found) return found;
    const isService = services.has(code.toUpperCase());
    const read = { key: isService ? null : named(code), isSent: false, isTitled: false };
    known.codes.set(code, read);
    return read;
  };
  if (first.customer && !known.customers.has(first.customer)) {
    known.customers.add(first.customer);
    yield {
      type: 'customer',
      key: { externalId: first.customer },
      input: { key: named(first.customer), ...(first.country && { country: first.country }) },
      rows: [],
      from: first.at,
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
      key,
      input: { ...common, kind: 'RETURN', status: 'COMPLETED', occurredAt: at, refundAmount, lines: returned },
      rows: sourceRows,
    };
    return;
  }
  for (const { at: from, code, title } of rows) {
    // The first row of a code may lack a description. A later row then provides the title.
    const product = stockCode(code);
    if (product.key === null || product.isTitled || (product.isSent && !title)) continue;
    product.isSent = true;
    product.isTitled = title !== '';
    const input = { key: product.key, ...(title && { title }) };
    yield { type: 'product', key: { externalId: code }, input, rows: [], from };
  }
  const sold = rows.map(({ code, title, quantity, price }) => ({
    product: stockCode(code).key,
    sku: code,
    title: title || code,
    quantity,
    unitPrice: price,
  }));
  const shipping = first.country ? { shippingAddress: { lines: [], countryCode: first.country } } : {};
  yield {
    type: 'order',
    key,
    input: {
      ...common,
      channel: 'WEB',
      placedAt: at,
      status: 'FULFILLED',
      paymentStatus: 'PAID',
      lines: sold,
      ...shipping,
    },
    rows: sourceRows,
  };
}
