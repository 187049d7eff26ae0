import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { deserializeParamGraph, type SerializedParamGraph } from '@prisma/param-graph';
import { buildAndSerializeParamGraph } from '@prisma/param-graph-builder';
import { expect, it } from 'vitest';
import { compactParamGraph, parameterFlags } from '../scripts/compact-param-graph.ts';

const { getInternalDMMF } = createRequire(import.meta.url)('@prisma/internals') as typeof import('@prisma/internals');

it('makes the graph of arguments a third as large, without losing a parameter outside nested writes', async () => {
  const folder = 'prisma/schema';
  const datamodel = readdirSync(folder).map((file): [string, string] => [
    file,
    readFileSync(`${folder}/${file}`, 'utf8'),
  ]);
  const original = buildAndSerializeParamGraph(await getInternalDMMF({ datamodel }));
  const compact = compactParamGraph(original);

  const [before, after] = [named(original), named(compact)];
  const compared = new Set<string>();
  const [differing, parameters] = [[] as string[], new Set<string>()];

  function compare(id: number | undefined, otherId: number | undefined, path: string): void {
    if (id === undefined || compared.has(`${id} ${otherId}`)) return;
    compared.add(`${id} ${otherId}`);
    const others = after.inputs[otherId ?? -1] ?? {};
    for (const [name, edge] of Object.entries(before.inputs[id] ?? {})) {
      const other = others[name];
      if (edge.flags & parameterFlags) {
        parameters.add(`${id} ${name}`);
        const facts = (each: typeof edge | undefined) => [each?.flags, each?.scalarMask, each?.enumName];
        if (!isDeepStrictEqual(facts(edge), facts(other))) differing.push(`${path}.${name}`);
      }
      const isNestedWrite = 'connect' in (before.inputs[edge.childNodeId ?? -1] ?? {});
      if (!isNestedWrite) compare(edge.childNodeId, other?.childNodeId, `${path}.${name}`);
    }
  }

  for (const [name, { argsNodeId }] of Object.entries(before.roots))
    compare(argsNodeId, after.roots[name]?.argsNodeId, name);
  for (const [id, edges] of before.outputs.entries())
    for (const [name, { argsNodeId }] of Object.entries(edges))
      compare(argsNodeId, after.outputs[id]?.[name]?.argsNodeId, name);

  expect(differing).toEqual([]);
  expect(parameters.size).toBeGreaterThan(5_000);
  expect(compact.graph.length).toBeLessThan(original.graph.length / 3);
});

/** Decodes a graph, with the edges of each node by their name. */
function named(serialized: SerializedParamGraph) {
  const { strings, inputNodes, outputNodes, roots } = deserializeParamGraph(serialized);
  const nameOf = (index: number | string | undefined) => strings[Number(index)] ?? '';
  return {
    roots,
    inputs: inputNodes.map(({ edges }) =>
      Object.fromEntries(
        Object.entries(edges).map(([name, edge]) => [nameOf(name), { ...edge, enumName: nameOf(edge.enumNameIndex) }]),
      ),
    ),
    outputs: outputNodes.map(({ edges }) =>
      Object.fromEntries(Object.entries(edges).map(([name, edge]) => [nameOf(name), edge])),
    ),
  };
}
