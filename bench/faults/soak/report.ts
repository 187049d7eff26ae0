import { growth, percentile, type Tally } from './figures.ts';
import type { HostileReport, KindReport } from './hostile.ts';
import type { NormalTraffic } from './normal.ts';
import type { Sample, Seen } from './sampler.ts';

type Phase = Pick<NormalTraffic, 'timed' | 'lags' | 'wrong'> & Seen;

export type Soaked = {
  machine: string;
  minutes: number;
  perSecond: number;
  normalCpuMs: number;
  hostilePerSecond: number;
  calm: Phase;
  mixed: Phase;
  attacked: HostileReport;
  acknowledged: number;
  wrongWrites: string[];
  /** Between recorded answers and the tables. */
  differences: string[];
  verified: string;
  faults: Tally;
};

type Counted = { what: string; n: number; example: string };

export function reportOf(soaked: Soaked): string[] {
  const { calm, mixed, attacked } = soaked;
  const { samples } = mixed;
  const wrong = wrongOf(soaked);
  const latencies = [calm, mixed].map(latenciesOf);
  const ratio = (latencies[1]?.p95 ?? 0) / (latencies[0]?.p95 ?? 0);
  const last = samples.slice(-3).reduce((sum, { mb }) => sum + mb, 0) / Math.min(3, samples.length);
  const [perMinute, since] = growthOf(samples);
  const faults = [...soaked.faults.counts].map(([what, each]) => ({ what, ...each }));
  const hostile = attacked.kinds.reduce((sum, kind) => sum + countOf(kind), 0);
  const goals = [
    ['memory at the end', '< 400 MB', `${last.toFixed(0)} MB`, last < 400],
    [
      `growth of memory, last ${since.toFixed(0)} minutes`,
      '< 1 % a minute',
      `${perMinute.toFixed(2)} %`,
      perMinute < 1,
    ],
    ['p95 of normal requests, mixed / calm', '< 2', ratio.toFixed(2), ratio < 2],
    ['wrong answers', '0', String(sumOf(wrong)), sumOf(wrong) === 0],
  ] as const;

  return [
    '# Soak',
    '',
    `${soaked.machine}. The server runs alone on one core, as \`npm start\` starts it in production; PostgreSQL and the traffic run on the other.`,
    `Normal requests come at ${soaked.perSecond} a second, at fixed times, for two minutes alone (calm) and for ${soaked.minutes} minutes together with hostile requests (mixed).`,
    `Each costs the server ${soaked.normalCpuMs.toFixed(2)} ms of CPU. Hostile requests of every kind come by turns, ${soaked.hostilePerSecond} turns a second.`,
    'Latency counts from the time at which a request was due.',
    '',
    '| goal | | measured | |',
    '|---|---|---|---|',
    ...goals.map(
      ([name, bound, value, holds]) => `| ${name} | ${bound} | ${value} | ${holds ? 'held' : '**not held**'} |`,
    ),
    '',
    '| normal requests | requests | wrong or failed | p50, ms | p95, ms | p99, ms | longest, ms | sent late, p99, ms | server, cores | its core busy | other core busy |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...[calm, mixed].map((phase, i) => {
      const { p50, p95, p99, most } = latencies[i] as Latencies;
      const figures = [p50, p95, p99, most, percentile(phase.lags, 0.99)].map((each) => each.toFixed(1));
      const shares = [phase.cpu, phase.serverCoreBusy, phase.otherCoreBusy].map((each) => each.toFixed(2));
      const row = [i === 0 ? 'calm' : 'mixed', phase.timed.length, phase.wrong.total, ...figures, ...shares];
      return `| ${row.join(' | ')} |`;
    }),
    '',
    ...seriesOf(samples),
    '',
    `${soaked.acknowledged} writes were acknowledged; ${soaked.wrongWrites.length} of them are not stored once and exactly, or are stored though refused. \`stats verify\`: ${soaked.verified}.`,
    `Recorded answers that differ from the tables: ${soaked.differences.length}. Faults in the server's log: ${sumOf(faults)}.`,
    '',
    `${hostile} hostile requests. CPU is that of the server for one turn of a kind; "blocks" is the longest that another request waited for one, both measured alone.`,
    '',
    '| hostile requests | CPU, ms | blocks, ms | outcomes | wrong |',
    '|---|---|---|---|---|',
    ...[...attacked.kinds]
      .sort((a, b) => b.cpuMs - a.cpuMs)
      .map((kind) => {
        const outcomes = kind.outcomes.map(([said, n]) => `${n} x ${said}`).join(', ');
        const n = kind.wrong.reduce((sum, [, each]) => sum + each.n, 0);
        return `| ${kind.name} | ${kind.cpuMs.toFixed(2)} | ${kind.blocksMs.toFixed(1)} | ${outcomes} | ${n} |`;
      }),
    ...listOf('Wrong answers, each with an example:', wrong),
    ...listOf("Faults in the server's log, each with an example:", faults),
  ];
}

function listOf(title: string, all: Counted[]): string[] {
  const quoted = (text: string) => `\`${text.replaceAll('`', "'").replaceAll('\n', ' ')}\``;
  return all.length === 0
    ? []
    : ['', title, '', ...all.map(({ what, n, example }) => `- ${n} x ${what}: ${quoted(example)}`)];
}

type Latencies = { p50: number; p95: number; p99: number; most: number };

function latenciesOf({ timed }: Phase): Latencies {
  const all = timed.map(({ ms }) => ms);
  const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((share) => percentile(all, share));
  return { p50, p95, p99, most } as Latencies;
}

// Of the last twenty minutes, or of the last two thirds of a shorter run.
function growthOf(samples: Sample[]): [perMinute: number, minutes: number] {
  const end = samples.at(-1)?.minute ?? 0;
  const minutes = Math.min(20, (end * 2) / 3);
  const later = samples.filter(({ minute }) => minute >= end - minutes);
  return [growth(later.map(({ minute, mb }) => ({ x: minute, y: mb }))), minutes];
}

function seriesOf(samples: Sample[]): string[] {
  const end = samples.at(-1)?.minute ?? 0;
  const step = end > 12 ? 5 : 1;
  const marks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const shown = marks.flatMap((mark) => samples.find(({ minute }) => minute >= mark) ?? []);
  const last = samples.at(-1);
  if (last && !shown.includes(last)) shown.push(last);
  return [
    `| mixed, minute | ${shown.map(({ minute }) => minute.toFixed(0)).join(' | ')} |`,
    `|${'---|'.repeat(shown.length + 1)}`,
    `| server, MB | ${shown.map(({ mb }) => mb.toFixed(0)).join(' | ')} |`,
    `| p95 of the last minute, ms | ${shown.map(({ p95 }) => p95.toFixed(1)).join(' | ')} |`,
  ];
}

function wrongOf({ calm, mixed, attacked, wrongWrites, differences, verified }: Soaked): Counted[] {
  const ofNormal = [calm, mixed].flatMap(({ wrong }) => [...wrong.counts].map(([what, each]) => ({ what, ...each })));
  const ofHostile = attacked.kinds.flatMap(({ name, wrong }) =>
    wrong.map(([said, each]) => ({ what: `${name}: ${said}`, ...each })),
  );
  const ofList = (what: string, all: string[]) =>
    all.length > 0 ? [{ what, n: all.length, example: all[0] ?? '' }] : [];
  const isVerified = verified.split('; ').every((line) => line.endsWith(' 0 differences'));
  return [
    ...ofNormal,
    ...ofHostile,
    ...ofList('writes', wrongWrites),
    ...ofList('answers that differ from the tables', differences),
    ...ofList('statistics', isVerified ? [] : [verified]),
  ];
}

function sumOf(wrong: Counted[]): number {
  return wrong.reduce((sum, { n }) => sum + n, 0);
}

function countOf({ outcomes }: KindReport): number {
  return outcomes.reduce((sum, [, n]) => sum + n, 0);
}
