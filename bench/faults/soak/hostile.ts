// Sends hostile traffic. It is a separate process so that normal requests are sent on time.
import { setTimeout as sleep } from 'node:timers/promises';
import { issuerOfKey } from '../../../src/access/api-keys.ts';
import type { Issuer } from '../../../src/access/customer-tokens.ts';
import { openDatabase } from '../../../src/db/database.ts';
import { decodeIdOf } from '../../../src/lib/ids.ts';
import { bodies } from './bodies.ts';
import { clashes } from './clashes.ts';
import { credentials } from './credentials.ts';
import { documents } from './documents.ts';
import { Tally } from './figures.ts';
import { bearer, send } from './http.ts';
import { type Kind, type Ledger, operation, type Target } from './kinds.ts';
import { marker } from './prepare.ts';
import { cpuMsOf } from './server.ts';
import type { Write } from './writes.ts';

export type Order = { measure: Target } | { attack: number } | { stop: true };

/** A kind of hostile traffic: what one turn costs the server, and the outcomes of all turns. */
export type KindReport = {
  name: string;
  cpuMs: number;
  blocksMs: number;
  outcomes: [string, number][];
  wrong: [string, { n: number; example: string }][];
};
export type HostileReport = { kinds: KindReport[]; acknowledged: [string, Write][]; refused: string[] };

type Running = Kind & { asked: number; busy: number; cpuMs: number; blocksMs: number; outcomes: Tally; wrong: Tally };

const ledger: Ledger = { acknowledged: new Map(), refused: new Set() };
let kinds: Running[] = [];
let isAttacking = false;
let attack: Promise<void> = Promise.resolve();

process.on('message', (order: Order) => {
  obey(order).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function obey(order: Order): Promise<HostileReport> {
  if ('measure' in order) {
    const issuer = await issuerFor(order.measure);
    const all = [
      documents(order.measure),
      bodies(order.measure),
      credentials(order.measure, issuer),
      clashes(order.measure, ledger),
    ];
    kinds = all.flat().map((kind) => ({
      ...kind,
      asked: 0,
      busy: 0,
      cpuMs: 0,
      blocksMs: 0,
      outcomes: new Tally(),
      wrong: new Tally(),
    }));
    for (const kind of kinds) await measure(kind, order.measure);
  } else if ('attack' in order) {
    isAttacking = true;
    attack = attackWith(order.attack);
  } else {
    isAttacking = false;
    await attack;
  }
  return {
    kinds: kinds.map(({ name, cpuMs, blocksMs, outcomes, wrong }) => ({
      name,
      cpuMs,
      blocksMs,
      outcomes: [...outcomes.counts].map(([said, { n }]) => [said, n]),
      wrong: [...wrong.counts],
    })),
    acknowledged: [...ledger.acknowledged],
    refused: [...ledger.refused],
  };
}

/** Sends one kind alone. Measures what a turn costs the server, and how long another request waits for it at most. */
async function measure(kind: Running, { port, pid }: Target): Promise<void> {
  const [asks, ms] = kind.isSlow ? [1, 0] : [5, 700];
  for (let i = 0; i < asks; i++) {
    let isDone = false;
    const asked = ask(kind).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const started = performance.now();
      await send(port, { method: 'GET', path: '/health/live' });
      kind.blocksMs = Math.max(kind.blocksMs, performance.now() - started);
    }
    await asked;
  }
  const [before, started, first] = [cpuMsOf(pid), performance.now(), kind.asked];
  do await ask(kind);
  while (performance.now() - started < ms);
  kind.cpuMs = (cpuMsOf(pid) - before) / (kind.asked - first);
}

/** Sends all kinds in turn, so many turns a second. */
async function attackWith(perSecond: number): Promise<void> {
  const pending = new Set<Promise<void>>();
  let due = performance.now();
  for (let turn = 0; isAttacking; turn++) {
    const kind = kinds[turn % kinds.length] as Running;
    if (kind.isSlow && kind.busy > 0) continue;
    const one = ask(kind).finally(() => pending.delete(one));
    pending.add(one);
    // If the server falls behind, missed turns are skipped.
    due = Math.max(due, performance.now() - 1_000) + 1_000 / perSecond;
    await sleep(Math.max(1, due - performance.now()));
    while (pending.size > 100) await Promise.race(pending);
  }
  await Promise.all(pending);
}

async function ask(kind: Running): Promise<void> {
  kind.busy += 1;
  const outcomes = [await kind.ask(kind.asked++)].flat();
  kind.busy -= 1;
  for (const { said, example = '' } of outcomes) {
    kind.outcomes.add(said);
    if (!kind.expects.includes(said)) kind.wrong.add(said, example);
    if (example.includes(marker)) kind.wrong.add("another tenant's data", example);
  }
}

/** The key that signs tokens of customers. */
async function issuerFor({ port, databaseUrl, soak }: Target): Promise<Issuer> {
  const answer = await send(port, {
    ...operation('{ viewer { keyId } }'),
    headers: bearer(soak.keys.hostile[0] ?? ''),
  });
  const id = decodeIdOf('ApiKey', JSON.parse(answer?.text ?? '{}').data?.viewer.keyId) ?? '';
  const database = await openDatabase({ databaseUrl, dataDir: '' });
  const { prefix, secretHash, scopes } = await issuerOfKey(database.forWorkspace(soak.workspaceId), id);
  await database.close();
  return { prefix, secretHash, scopes };
}
