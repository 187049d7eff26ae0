import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach } from 'vitest';

const minute = 60_000;
const neededMs = 10_000;

/**
 * Starts each test of the calling file early enough in a minute of the database clock to end within it, because the
 * points of a key are counted per minute.
 */
export function startEachTestWithinOneMinute(): void {
  beforeEach(async () => {
    const leftMs = minute - (Date.now() % minute);
    if (leftMs < neededMs) await sleep(leftMs + 500);
  }, 2 * neededMs);
}
