import { setTimeout as sleep } from 'node:timers/promises';
import { Tally } from './figures.ts';
import { bearer, dataOf, type Sent, send } from './http.ts';
import { marker, type recordReads, written } from './prepare.ts';
import type { Read } from './reads.ts';
import type { Soak } from './setup.ts';
import { type Write, writeOf } from './writes.ts';

type Reads = Awaited<ReturnType<typeof recordReads>>['reads'];
type Kind = keyof Reads | Write['kind'] | 'again';

// Every twenty requests.
const mix: Kind[] = [
  ...Array<Kind>(6).fill('full'),
  ...Array<Kind>(4).fill('masked'),
  ...Array<Kind>(4).fill('token'),
  'foreign',
  ...Array<Kind>(2).fill('interaction'),
  ...Array<Kind>(2).fill('order'),
  'again',
];

/** When a normal request was answered, and how many milliseconds after it was due. */
export type Timed = { at: number; ms: number };

/** Requests at fixed times, whether or not earlier ones are answered. Checks every answer. */
export class NormalTraffic {
  readonly timed: Timed[] = [];
  /** How late each request was sent, in milliseconds: this process may be busy. */
  readonly lags: number[] = [];
  readonly wrong = new Tally();
  readonly acknowledged = new Map<string, Write>();
  readonly #port: number;
  readonly #soak: Soak;
  readonly #reads: Reads;
  readonly #name: string;
  readonly #answers = new Map<string, string>();
  #sent = 0;

  /** `name` is the prefix of the IDs of its writes. */
  constructor(port: number, soak: Soak, reads: Reads, name: string) {
    this.#port = port;
    this.#soak = soak;
    this.#reads = reads;
    this.#name = name;
  }

  /** Sends so many requests a second for so long. Returns once all are answered. */
  async run(perSecond: number, ms: number): Promise<void> {
    const start = performance.now();
    const pending = new Set<Promise<void>>();
    for (let n = 0, due = start; due < start + ms; n++, due = start + (n * 1_000) / perSecond) {
      const wait = due - performance.now();
      if (wait > 0) await sleep(Math.ceil(wait));
      const one = this.#send(due).finally(() => pending.delete(one));
      pending.add(one);
    }
    await Promise.all(pending);
  }

  async #send(due: number): Promise<void> {
    const n = this.#sent++;
    const kind = mix[(n * 7) % mix.length] as Kind;
    this.lags.push(performance.now() - due);
    if (kind === 'interaction' || kind === 'order') await this.#write(kind, n);
    else if (kind === 'again') await this.#writeAgain();
    else await this.#read(this.#reads[kind], n);
    const at = performance.now();
    this.timed.push({ at, ms: at - due });
  }

  async #read(reads: Read[], n: number): Promise<void> {
    const read = reads[(n * 7_919) % reads.length] as Read;
    const answer = await send(this.#port, read);
    if (dataOf(answer) !== read.expected) this.wrong.add(`${read.kind}: another answer`, answer?.text ?? 'no answer');
  }

  async #write(kind: Write['kind'], n: number): Promise<void> {
    const write = writeOf(kind, `${this.#name}-${n}`, written(this.#soak.customers, n));
    const { text, data } = await this.#mutate(write);
    const isRight = data?.includes('"outcome":"CREATED"') && !data.includes(marker);
    if (!isRight) this.wrong.add(`${kind}: not written`, text);
    if (data === null) return;
    this.acknowledged.set(write.id, write);
    this.#answers.set(write.id, data);
    // Only recent writes are sent again.
    const oldest = this.#answers.size > 1_000 && this.#answers.keys().next().value;
    if (oldest) this.#answers.delete(oldest);
  }

  // Each write is sent again once: two at a time would be a CONFLICT.
  async #writeAgain(): Promise<void> {
    const [id = ''] = this.#answers.keys();
    const write = this.acknowledged.get(id);
    if (!write) return;
    const before = this.#answers.get(id);
    this.#answers.delete(id);
    const { text, data } = await this.#mutate(write);
    if (data !== before) this.wrong.add(`${write.kind} sent again: another answer`, text);
  }

  async #mutate({ id, body }: Write): Promise<{ text: string; data: string | null }> {
    const { writers } = this.#soak.keys;
    // Idempotency keys belong to an API key, so a retry needs the same one.
    const n = Number(id.split('-').at(-1));
    const sent: Sent = { body, headers: bearer(writers[n % writers.length] ?? '') };
    const answer = await send(this.#port, sent);
    return { text: answer?.text ?? 'no answer', data: dataOf(answer) };
  }
}
