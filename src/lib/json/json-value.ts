import { maxJsonLevels } from './json.ts';

/** Whether lists and objects are nested deeper than `levels`. Looks no deeper than that. */
export function isNestedDeeper(value: unknown, levels = maxJsonLevels): boolean {
  if (!isNested(value)) return false;
  if (levels === 0) return true;
  return Object.values(value).some((each) => isNestedDeeper(each, levels - 1));
}

/** Returns why a JSON value cannot be stored unchanged, or null if it can. */
export function flawOfJson(value: unknown): string | null {
  if (isNestedDeeper(value)) return `Must not be nested deeper than ${maxJsonLevels} levels.`;
  return flawOf(value);
}

function flawOf(value: unknown): string | null {
  if (typeof value === 'string') return flawOfText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'Must be a JSON value.';
  if (value === null || typeof value === 'boolean') return null;
  if (!isNested(value)) return 'Must be a JSON value.';
  for (const [name, each] of Object.entries(value)) {
    const flaw =
      flawOf(each) ?? flawOfText(name) ?? (name === '__proto__' ? 'Must not use the property name __proto__.' : null);
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOfText(text: string): string | null {
  return text.includes('\u0000') || !text.isWellFormed() ? 'Must not contain U+0000 or a lone surrogate.' : null;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
