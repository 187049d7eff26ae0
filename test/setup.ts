import { writeSync } from 'node:fs';
import { expect } from 'vitest';

// Vitest does not say why a worker has exited. The stack shows a call of `process.exit`; without one, the worker had
// nothing left to wait for.
const running: { file?: string | undefined } = Reflect.get(globalThis, 'rapportRunning') ?? watchExit();
running.file = expect.getState().testPath;

function watchExit() {
  const running = {};
  Reflect.set(globalThis, 'rapportRunning', running);
  process.on('exit', (code) => {
    const { stack } = new Error(`The test worker exits with code ${code} during ${Object(running).file}.`);
    writeSync(2, `${stack}\n`);
  });
  return running;
}
