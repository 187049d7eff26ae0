// Prisma's client has a graph of the arguments that a query can have. With it, the client replaces the values in a query
// with parameters, so that queries with other values share one compiled query. Each client decodes the graph into
// objects, which take 13 MB for our models. After the changes below, they take less than 2 MB.
import {
  deserializeParamGraph,
  EdgeFlag,
  type InputEdgeData,
  type InputNodeData,
  type ParamGraphData,
  type SerializedParamGraph,
  serializeParamGraph,
} from '@prisma/param-graph';

const { ParamScalar, ParamEnum, ParamListScalar, ParamListEnum } = EdgeFlag;

/** The flags of an argument that can be a parameter itself. */
export const parameterFlags = ParamScalar | ParamEnum | ParamListScalar | ParamListEnum;

/**
 * Returns the graph without nested writes and without arguments that hold no parameter, with equal nodes merged. Our
 * code uses no nested writes. Prisma would still execute one, but compile it again for each value.
 */
export function compactParamGraph(serialized: SerializedParamGraph): SerializedParamGraph {
  const graph = deserializeParamGraph(serialized);
  const kept = [withoutNestedWrites, withoutUselessEdges, withoutUnreachableEdges, mergeEqualNodes, frequentNamesFirst];
  return serializeParamGraph(kept.reduce((smaller, change) => change(smaller), graph));
}

const noEdges: InputNodeData = { edges: {} };

function withoutNestedWrites({ inputNodes, ...graph }: ParamGraphData): ParamGraphData {
  const connect = graph.strings.indexOf('connect');
  return { ...graph, inputNodes: inputNodes.map((node) => (connect in node.edges ? noEdges : node)) };
}

// Prisma leaves the value of an argument without an edge in the query.
function withoutUselessEdges({ inputNodes, ...graph }: ParamGraphData): ParamGraphData {
  const useful = new Set<number>();
  const isUseful = ({ flags, childNodeId = -1 }: InputEdgeData) =>
    (flags & parameterFlags) !== 0 || useful.has(childNodeId);
  for (let before = -1; before < useful.size; ) {
    before = useful.size;
    for (const [id, { edges }] of inputNodes.entries()) if (Object.values(edges).some(isUseful)) useful.add(id);
  }
  const withUseful = ({ edges }: InputNodeData) => ({
    edges: Object.fromEntries(Object.entries(edges).filter(([, edge]) => isUseful(edge))),
  });
  return { ...graph, inputNodes: inputNodes.map(withUseful) };
}

function withoutUnreachableEdges({ inputNodes, ...graph }: ParamGraphData): ParamGraphData {
  const reached = new Set<number>();
  function reach(id: number | undefined): void {
    if (id === undefined || reached.has(id)) return;
    reached.add(id);
    for (const { childNodeId } of Object.values(inputNodes[id]?.edges ?? {})) reach(childNodeId);
  }
  for (const { argsNodeId } of Object.values(graph.roots)) reach(argsNodeId);
  for (const { edges } of graph.outputNodes) for (const { argsNodeId } of Object.values(edges)) reach(argsNodeId);
  return { ...graph, inputNodes: inputNodes.map((node, id) => (reached.has(id) ? node : noEdges)) };
}

// Starts with all nodes in one class, and splits classes until the edges of equal nodes lead to equal nodes.
function mergeEqualNodes({ strings, inputNodes, outputNodes, roots }: ParamGraphData): ParamGraphData {
  let classes: number[] = inputNodes.map(() => 0);
  const classOf = (id: number | undefined) => (id === undefined ? undefined : classes[id]);
  const merged = ({ edges }: InputNodeData) => ({
    edges: mapValues(edges, (edge) => ({ ...edge, childNodeId: classOf(edge.childNodeId) })),
  });
  for (let before = 0, count = 1; before < count; ) {
    before = count;
    const numbers = new Map<string, number>();
    classes = inputNodes.map((node, id) => {
      const key = JSON.stringify([classes[id], merged(node)]);
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      return numbers.get(key) ?? 0;
    });
    count = numbers.size;
  }
  const withClass = <E extends { argsNodeId?: number }>(edge: E) => ({ ...edge, argsNodeId: classOf(edge.argsNodeId) });
  return {
    strings,
    inputNodes: [...new Map(inputNodes.map((node, id) => [classes[id], merged(node)])).values()],
    outputNodes: outputNodes.map(({ edges }) => ({ edges: mapValues(edges, withClass) })),
    roots: mapValues(roots, withClass),
  };
}

// A node keeps its edges by the number of their name in `strings`. V8 stores them as an array up to the largest number.
function frequentNamesFirst({ strings, inputNodes, outputNodes, roots }: ParamGraphData): ParamGraphData {
  const uses = strings.map(() => 0);
  for (const { edges } of [...inputNodes, ...outputNodes])
    for (const name of Object.keys(edges)) uses[Number(name)] = (uses[Number(name)] ?? 0) + 1;
  const order = [...strings.keys()].sort((one, other) => (uses[other] ?? 0) - (uses[one] ?? 0));
  const places: number[] = [];
  for (const [place, name] of order.entries()) places[name] = place;
  const renamed = <E>(edges: Record<number, E>) =>
    Object.fromEntries(Object.entries(edges).map(([name, edge]) => [places[Number(name)], edge]));
  const enumRenamed = (edge: InputEdgeData) =>
    edge.enumNameIndex === undefined ? edge : { ...edge, enumNameIndex: places[edge.enumNameIndex] };
  return {
    strings: order.map((name) => strings[name] ?? ''),
    inputNodes: inputNodes.map(({ edges }) => ({ edges: renamed(mapValues(edges, enumRenamed)) })),
    outputNodes: outputNodes.map(({ edges }) => ({ edges: renamed(edges) })),
    roots,
  };
}

function mapValues<V, W>(object: Record<string, V>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
