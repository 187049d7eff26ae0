// Normal and hostile traffic mixed, for half an hour: npm run bench:soak -- [MINUTES] [HOSTILE_PER_SECOND]
import { fork } from 'node:child_process';
import pg from 'pg';
import { machine, publish } from '../../harness.ts';
import { otherCore, pin } from '../../servers.ts';
import { outputOf, postgres } from '../processes.ts';
import type { HostileReport, Order } from './hostile.ts';
import { NormalTraffic } from './normal.ts';
import { fillForeign, recordReads } from './prepare.ts';
import { reportOf } from './report.ts';
import { Sampler } from './sampler.ts';
import { cpuMsOf, port, startServer } from './server.ts';
import { fill } from './setup.ts';
import { wrongWrites } from './writes.ts';

const [minutes = 30, hostilePerSecond = 40] = process.argv.slice(2).map(Number);
// Customer tokens expire after an hour.
if (!(minutes > 0 && minutes <= 50)) throw new Error('MINUTES must be above 0 and at most 50.');
// The share of the server's core that normal requests take.
const normalShare = 0.35;
const [warmUpMs, calmMs, mixedMs] = [15_000, 120_000, minutes * 60_000];
const say = (what: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);

postgres.create();
process.once('exit', () => postgres.stop('fast'));
pin(postgres.pid(), otherCore);
pin(process.pid, otherCore);
const soak = await fill(postgres.url);
const server = await startServer(postgres.url);
process.once('exit', () => server.process.kill('SIGKILL'));
const client = new pg.Client(postgres.url);
await client.connect();
say('recording what reads answer');
const foreign = await fillForeign(port, soak);
const { reads, differences } = await recordReads(port, client, soak);

say('looking for the rate that takes the share of a core');
const warmUp = new NormalTraffic(port, soak, reads, 'warm-up');
let [perSecond, normalCpuMs] = [20, 0];
for (let round = 0; round < 4; round++) {
  const [cpuBefore, before] = [cpuMsOf(server.pid), warmUp.timed.length];
  await warmUp.run(perSecond, warmUpMs);
  normalCpuMs = (cpuMsOf(server.pid) - cpuBefore) / (warmUp.timed.length - before);
  perSecond = Math.max(5, Math.round((normalShare * 1_000) / normalCpuMs));
}

say(`calm: ${perSecond} normal requests a second, ${normalCpuMs.toFixed(2)} ms of CPU each`);
const calm = new NormalTraffic(port, soak, reads, 'calm');
const calmSampler = new Sampler(server.pid, calm, say);
await calm.run(perSecond, calmMs);
const calmSeen = calmSampler.stop();

say('each kind of hostile traffic alone');
const hostile = fork('bench/faults/soak/hostile.ts', { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
hostile.once('exit', (code) => {
  if (code) throw new Error('The process with the hostile traffic ended.');
});
const order = (what: Order) =>
  new Promise<HostileReport>((resolve) => {
    hostile.once('message', resolve as (message: unknown) => void);
    hostile.send(what);
  });
await order({ measure: { port, pid: server.pid, databaseUrl: postgres.url, soak, foreign, known: reads.full } });

say(`mixed: ${hostilePerSecond} hostile turns a second`);
const mixed = new NormalTraffic(port, soak, reads, 'mixed');
const mixedSampler = new Sampler(server.pid, mixed, say);
await order({ attack: hostilePerSecond });
await mixed.run(perSecond, mixedMs);
const mixedSeen = mixedSampler.stop();
const attacked = await order({ stop: true });
hostile.kill();

say('looking for what was written');
const acknowledged = new Map([
  ...warmUp.acknowledged,
  ...calm.acknowledged,
  ...mixed.acknowledged,
  ...attacked.acknowledged,
]);
const writes = await wrongWrites(client, acknowledged, new Set(attacked.refused));
const verified = verify();
const on = await machine();
await client.end();

publish(
  'soak',
  reportOf({
    machine: on,
    minutes,
    perSecond,
    normalCpuMs,
    hostilePerSecond,
    calm: { ...calm, ...calmSeen },
    mixed: { ...mixed, ...mixedSeen },
    attacked,
    acknowledged: acknowledged.size,
    wrongWrites: writes,
    differences,
    verified,
    faults: server.faults,
  }),
);
process.exit(0);

function verify(): string {
  try {
    return outputOf(postgres.url, 'stats', 'verify').trim().split('\n').join('; ');
  } catch (error) {
    return `failed: ${Object(error).stdout}`.trim();
  }
}
