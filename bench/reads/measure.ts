import { drive, type Figures } from '../servers.ts';
import type { Cost } from './costs.ts';
import type { Options } from './options.ts';
import type { AnyRead } from './read.ts';
import type { Contender, Side } from './sides.ts';

export const connections = 8;

/** Figures of each read and side, one per round. */
export type Measured = Map<string, Map<Side, Figures[]>>;

/** Everything measured at one number of customers. */
export type Size = { customers: number; measured: Measured; costs: Map<string, Cost> };

type Measurable = { read: AnyRead; contenders: Contender[] };

/** Measures all sides of all reads in each round, so that ratios compare what ran within seconds of each other. */
export async function measure(all: Measurable[], options: Options): Promise<Measured> {
  const measured: Measured = new Map();
  // Writes come last, so that reads find the same records in every round.
  const [writes, reads] = [all.filter(({ read }) => read.isWrite), all.filter(({ read }) => !read.isWrite)];
  for (const some of [reads, writes]) await measureInTurn(some, options, measured);
  return measured;
}

// A write takes several times as long as a read, so fewer of them run in a second, and V8 compiles their code later.
const warmUpOfWritesMs = 10_000;

async function measureInTurn(some: Measurable[], { rounds, seconds }: Options, measured: Measured): Promise<void> {
  // The first round is a warm-up.
  for (let round = -1; round < rounds; round++) {
    for (const { read, contenders } of some)
      for (const { side, server, bodyOf, authorization } of contenders) {
        const headers = authorization && `authorization: ${authorization}\r\n`;
        const requests = { bodyOf, headersOf: () => headers, connections };
        // Each server has waited for all others, and some discard compiled code meanwhile.
        await drive(server, { ...requests, ms: seconds * 333 });
        const isWarmUp = round < 0;
        const ms = isWarmUp && read.isWrite ? warmUpOfWritesMs : seconds * 1_000;
        const figures = await drive(server, { ...requests, ms });
        if (!isWarmUp) figuresOf(measured, read.name, side).push(figures);
      }
    if (some.length > 0) console.log(round < 0 ? 'warmed up' : `round ${round + 1} of ${rounds}`);
  }
}

/** Returns the figures of one side of a read, to read or to add to. */
export function figuresOf(measured: Measured, name: string, side: Side): Figures[] {
  const sides = measured.get(name) ?? new Map<Side, Figures[]>();
  measured.set(name, sides);
  const figures = sides.get(side) ?? [];
  sides.set(side, figures);
  return figures;
}
