type Path = (string | number)[];

/**
 * Variables as JSON. Throws at what JSON would change without a word, naming its type and where it is: an invalid date
 * becomes null, a Map or a promise becomes `{}`, and a number beyond 2^53 has lost its last digits.
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
      // The API's own paths begin within `input`.
      throw { name: typeOf(this[key]), field: path[0] === 'input' ? path.slice(1) : path };
    }
    if (typeof value === 'object') paths.set(value, pathTo());
    return value;
  });
}

function typeOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Throws unless a header can carry the text. */
export function checkHeader(text: unknown): void {
  if (typeof text !== 'string' || !/^[ -~\xa0-\xff]*$/.test(text)) throw TypeError();
}

/** Throws unless `fetch` can send to an address. A path alone is one in a page, which has an address itself. */
export function checkUrl(url: string): void {
  if (!/^(https?:|\/)/i.test(url)) throw TypeError();
  new Request(url);
}
