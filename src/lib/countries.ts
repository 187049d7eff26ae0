// Common country names that differ from those in Unicode.
const tradeNames: Record<string, string> = {
  eire: 'IE',
  usa: 'US',
  uk: 'GB',
  rsa: 'ZA',
  'czech republic': 'CZ',
  'hong kong': 'HK',
  macau: 'MO',
  'ivory coast': 'CI',
};

const byName = readNames();
const codes = new Set(byName.values());

/** Whether this is the ISO 3166-1 alpha-2 code of a country. */
export function isCountryCode(code: string): boolean {
  return codes.has(code);
}

/** Returns the code of a country by its English name. Null if no country has this name. */
export function countryCodeOf(name: string): string | null {
  const key = name.trim().toLowerCase();
  return tradeNames[key] ?? byName.get(key) ?? null;
}

function readNames(): Map<string, string> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  // Unions, the ocean and test codes have names too, but are not countries.
  const others = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);
  return new Map(
    letters
      .flatMap((first) => letters.map((second) => first + second))
      // Unicode maps an old or reserved code (UK, DD) to the current one.
      .filter((code) => !others.has(code) && new Intl.Locale(`und-${code}`).region === code)
      .flatMap((code): [string, string][] => {
        const name = names.of(code);
        return name ? [[name.toLowerCase(), code]] : [];
      }),
  );
}
