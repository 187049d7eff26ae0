/** What a log may say of a fault: where it arose, and no value that was at hand. */
export type FaultReport = { type: string; code?: string; message?: string; stack: string[] };

/**
 * Messages of the database and its client quote values and whole queries, so they stay out; those of the language name
 * properties and types.
 */
export function reportOf(fault: unknown): FaultReport {
  if (!(fault instanceof Error)) return { type: typeof fault, stack: [] };
  const { name, message, stack = '' } = fault;
  const code = 'code' in fault && typeof fault.code === 'string' ? { code: fault.code } : {};
  const isOfLanguage = fault.constructor === Error || languageErrors.has(name);
  const lines = stack.split('\n').flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? []);
  return { type: fault.constructor.name, ...code, ...(isOfLanguage && { message }), stack: lines };
}

const languageErrors = new Set(['TypeError', 'RangeError', 'ReferenceError']);
