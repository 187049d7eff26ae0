/** The platform's `AbortSignal` if its types are available, otherwise `unknown`. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Instance } } ? Instance : unknown;

/** The request, in the form that the platform's `fetch` takes. */
export type FetchInit = {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
  /** Returns redirects instead of following them, because the token is meant for one address. */
  redirect: 'manual';
  signal: Signal;
};

/** The parts of a response that the client reads. */
export type FetchResponse = {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
};

/** The platform's `fetch`, or a replacement. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;
