import { setImmediate, setTimeout } from 'node:timers/promises';

/**
 * For long work in small pieces: called between them, it lets whatever waits go first once two milliseconds were worked
 * since the last time. Work that nobody waits for rests for as long as it worked.
 */
export function pace(isAwaited: () => boolean = () => true): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < 2) return undefined;
    return (isAwaited() ? setImmediate() : setTimeout(2)).then(() => {
      since = performance.now();
    });
  };
}
