import { parseArgs } from 'node:util';
import { compared } from './compared.ts';
import { longLists } from './long-lists.ts';
import type { ComparedRead, Read } from './read.ts';
import { sdkReads } from './sdk-reads.ts';

export type Options = {
  sizes: number[];
  seconds: number;
  rounds: number;
  compared: ComparedRead[];
  others: Read[];
  /** Whether all reads are measured. Only then are the results written. */
  isFull: boolean;
};

/** Reads the command line: numbers of customers, seconds and rounds per read, and names of reads. */
export function readOptions(): Options {
  const { values, positionals: names } = parseArgs({
    allowPositionals: true,
    options: {
      customers: { type: 'string', default: '10000' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const others = [...longLists, ...sdkReads()];
  const known = new Set([...compared, ...others].map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`Unknown read: ${unknown.join(', ')}. Use one of ${[...known].join(', ')}.`);
  const isFull = names.length === 0;
  const isWanted = ({ name }: Read) => isFull || names.includes(name);
  return {
    sizes: values.customers.split(',').map((size) => positive('customers', size)),
    // A single read takes less than a minute.
    seconds: positive('seconds', values.seconds ?? (isFull ? '1.5' : '1')),
    rounds: positive('rounds', values.rounds ?? (isFull ? '5' : '3')),
    compared: compared.filter(isWanted),
    others: others.filter(isWanted),
    isFull,
  };
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${option} must be a positive number (got ${text}).`);
  return number;
}
