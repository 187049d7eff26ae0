/** Loggable part of an unexpected error: where it occurred, without any values. */
export type FaultReport = { type: string; code?: string; message?: string; stack: string[] };

/**
 * Reduces an unexpected error to what may be logged. Messages quote values: the database quotes rows, its client quotes
 * queries, and libraries quote their input. Only messages of the language itself are logged, which name properties and
 * types.
 */
export function reportOf(fault: unknown): FaultReport {
  if (!(fault instanceof Error)) return { type: typeof fault, stack: [] };
  const { name, message, stack = '' } = fault;
  const code = 'code' in fault && typeof fault.code === 'string' ? { code: fault.code } : {};
  // Lines of a multi-line message could look like stack frames.
  const places = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const lines = places.split('\n').flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? []);
  return { type: fault.constructor.name, ...code, ...(languageErrors.has(name) && { message }), stack: lines };
}

const languageErrors = new Set(['TypeError', 'RangeError', 'ReferenceError']);
