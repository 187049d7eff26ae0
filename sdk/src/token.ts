/**
 * An API key of the workspace, or a function that returns one. `isRefused` is true if the API rejected the current key.
 */
export type TokenSource = string | ((isRefused: boolean) => string | Promise<string>);

/**
 * Returns a function that provides the current token, or a new one if `refused` is set. All requests rejected within
 * five seconds share one renewal. Later ones renew again, because the renewed token may have expired.
 */
export function tokenFrom(source: TokenSource): (refused: string | null) => Promise<string> {
  let renewed = '';
  let renewedAt = 0;
  let renewing: Promise<string> | null = null;
  // A key that was read from a file ends with a line break.
  const ask = async (isRefused: boolean) => (typeof source === 'function' ? await source(isRefused) : source).trim();

  return async (refused) => {
    if (refused === null) return ask(false);
    if (renewed !== refused && Date.now() < renewedAt + 5_000) return renewed;
    renewing ??= ask(true).finally(() => {
      renewing = null;
    });
    renewed = await renewing;
    renewedAt = Date.now();
    return renewed;
  };
}
