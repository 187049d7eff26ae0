import { otherCore, serverCore } from '../../servers.ts';
import { percentile } from './figures.ts';
import type { NormalTraffic } from './normal.ts';
import { busyMsOf, cpuMsOf, residentMb } from './server.ts';

export type Sample = { minute: number; mb: number; p95: number };

/** All samples, the mean CPU of the server in cores, and how busy all processes together kept each core. */
export type Seen = { samples: Sample[]; cpu: number; serverCoreBusy: number; otherCoreBusy: number };

const everyMs = 5_000;

/** Samples the server every five seconds: memory, CPU, and p95 of the last minute. */
export class Sampler {
  readonly #pid: number;
  readonly #traffic: NormalTraffic;
  readonly #started = performance.now();
  readonly #samples: Sample[] = [];
  readonly #cpu: () => number;
  readonly #cores: (() => number)[];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number, traffic: NormalTraffic, say: (what: string) => void) {
    this.#pid = pid;
    this.#traffic = traffic;
    this.#cpu = shareSince(() => ({ busy: cpuMsOf(pid), all: performance.now() }));
    this.#cores = [serverCore, otherCore].map((core) => shareSince(() => busyMsOf(core)));
    this.#timer = setInterval(() => say(this.#look()), everyMs);
  }

  stop(): Seen {
    clearInterval(this.#timer);
    const [serverCoreBusy = 0, otherCoreBusy = 0] = this.#cores.map((share) => share());
    return { samples: this.#samples, cpu: this.#cpu(), serverCoreBusy, otherCoreBusy };
  }

  #look(): string {
    const now = performance.now();
    const { timed, wrong } = this.#traffic;
    const first = timed.findLastIndex(({ at }) => at < now - 60_000) + 1;
    const ofMinute = timed.slice(first).map(({ ms }) => ms);
    const sample = {
      minute: (now - this.#started) / 60_000,
      mb: residentMb(this.#pid),
      p95: percentile(ofMinute, 0.95),
    };
    this.#samples.push(sample);
    const { minute, mb, p95 } = sample;
    const cpu = this.#cpu().toFixed(2);
    return `${minute.toFixed(1)} min: ${mb.toFixed(0)} MB, ${cpu} cores so far, p95 ${p95.toFixed(1)} ms, ${wrong.total} wrong`;
  }
}

function shareSince(used: () => { busy: number; all: number }): () => number {
  const before = used();
  return () => {
    const now = used();
    return (now.busy - before.busy) / (now.all - before.all);
  };
}
