type Path = (string | number)[];

/**
 * Serializes variables to JSON. Throws the type and path of any value that JSON would silently change: an invalid date
 * becomes null, a Map or promise becomes `{}`, and a number above 2^53 loses its last digits.
 */
export function jsonOf(variables: unknown): string {
  const paths = new Map<unknown, Path>();
  return JSON.stringify(variables, function (this: Record<string, unknown>, key, value) {
    const isList = Array.isArray(this);
    const pathTo = () => paths.get(this)?.concat(isList ? Number(key) : key) ?? [];
    const type = typeOf(value);
    const isExact =
      type === 'Number'
        ? Math.abs(value) <= Number.MAX_SAFE_INTEGER
        : value == null
          ? value === this[key] && !(isList && value === undefined)
          : /^(Array|Boolean|Object|String)$/.test(type);
    if (!isExact) {
      const path = pathTo();
      // The API's own paths start inside `input`.
      throw { name: typeOf(this[key]), field: path[0] === 'input' ? path.slice(1) : path };
    }
    if (typeof value === 'object') paths.set(value, pathTo());
    return value;
  });
}

function typeOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Throws if a header cannot carry the text. */
export function checkHeader(text: unknown): void {
  if (typeof text !== 'string' || !/^[ -~\xa0-\xff]*$/.test(text)) throw TypeError();
}

/** Throws if `fetch` cannot send to the URL. A path alone is valid in a web page. */
export function checkUrl(url: string): void {
  if (!/^(https?:|\/)/i.test(url)) throw TypeError();
  new Request(url);
}
