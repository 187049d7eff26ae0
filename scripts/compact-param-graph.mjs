// Prisma's client has a graph of the arguments that a query can have. It keeps the edges of a node in an object, by the
// number of their name in a list of 1,100 names. V8 stores such an object as an array up to its largest number, which
// takes 13 MB for every client. With the most used names first, the numbers are small, and it takes 4 MB.

/** Returns the same graph with the most used names first. Throws if Prisma has changed the format. */
export function compactParamGraph({ strings, graph }) {
  const bytes = Buffer.from(graph, 'base64url');
  const uses = strings.map(() => 0);
  const copy = rewrite(bytes, (name) => {
    uses[name] += 1;
    return name;
  });
  if (!copy.equals(bytes)) throw new Error('The format of the graph in Prisma’s client is not the expected one.');
  const order = strings.map((_, name) => name).sort((one, other) => uses[other] - uses[one]);
  const places = strings.map(() => 0);
  for (const [place, name] of order.entries()) places[name] = place;
  return {
    strings: order.map((name) => strings[name]),
    graph: rewrite(bytes, (name) => places[name]).toString('base64url'),
  };
}

// Numbers have seven bits per byte, lowest first. A number that may be missing is one higher, or 0.
function rewrite(bytes, placeOf) {
  const written = [];
  let at = 0;
  const number = (map = (value) => value) => {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    let rest = map(value);
    for (; rest >= 0x80; rest >>>= 7) written.push((rest & 0x7f) | 0x80);
    written.push(rest);
    return value;
  };
  const byte = () => written.push(bytes[at++] ?? 0);
  const optionalName = (value) => (value === 0 ? 0 : placeOf(value - 1) + 1);

  const [inputs, outputs, roots] = [number(), number(), number()];
  for (let node = 0; node < inputs; node++)
    for (let edges = number(); edges > 0; edges--) {
      number(placeOf);
      // The types of a scalar, the next node, the name of an enum, and flags.
      byte();
      byte();
      number();
      number(optionalName);
      byte();
    }
  const named = () => {
    number(placeOf);
    // The nodes of the arguments and of the result.
    number();
    number();
  };
  for (let node = 0; node < outputs; node++) for (let edges = number(); edges > 0; edges--) named();
  for (let root = 0; root < roots; root++) named();
  return Buffer.from(written);
}
