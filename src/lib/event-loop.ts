import { setImmediate, setTimeout } from 'node:timers/promises';

/**
 * Returns a function to call between the pieces of long work. After two milliseconds of work it yields to the event
 * loop. Work that no caller waits for pauses for as long as it ran.
 */
export function eventLoopYielder(isAwaited: () => boolean = () => true): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < 2) return undefined;
    return (isAwaited() ? setImmediate() : setTimeout(2)).then(() => {
      since = performance.now();
    });
  };
}
