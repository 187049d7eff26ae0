import type { PGlite } from '@electric-sql/pglite';

/** A file, folder or device of PGlite's file system, which is in JavaScript's memory. */
type FileNode = { contents?: unknown };
type OpenFile = { node: FileNode; shared: object };
type FileSystem = {
  root: FileNode;
  streams: (OpenFile | null | undefined)[];
  nameTable: (FileNode | undefined)[];
  nextInode: number;
};

/**
 * Copies the state of an idle instance. Returns a function that restores it: everything PostgreSQL keeps in memory,
 * its files, and the files it has open. It cannot unload code that PostgreSQL loaded later.
 */
export function snapshotOf(pglite: PGlite): () => void {
  const { Module } = pglite;
  const { FS }: { FS: FileSystem } = Object(Module);
  const run = Module._PostgresMainLoopOnce;
  const stack = Module.stackSave();
  const memory = withoutEnd(Module.HEAPU8).slice();
  const streams = FS.streams.map((stream) => stream && saveStream(stream));
  const openNodes = FS.streams.flatMap((stream) => stream?.node ?? []);
  const nodes = [...nodesBelow(FS.root, new Set(openNodes))].map(saveNode);
  const [nameTable, { nextInode }] = [[...FS.nameTable], FS];

  return () => {
    Module._PostgresMainLoopOnce = run;
    Module.stackRestore(stack);
    Module.HEAPU8.set(memory);
    // Memory never shrinks, and PostgreSQL expects zeros where it never wrote.
    Module.HEAPU8.fill(0, memory.length);
    FS.streams = streams.map((restore) => restore?.());
    for (const restore of nodes) restore();
    for (const [i, node] of nameTable.entries()) FS.nameTable[i] = node;
    FS.nextInode = nextInode;
  };
}

function withoutEnd(memory: Uint8Array): Uint8Array {
  let end = memory.length;
  while (memory[end - 1] === 0) end--;
  return memory.subarray(0, end);
}

function saveStream(stream: OpenFile): () => OpenFile {
  const [fields, position] = [{ ...stream }, { ...stream.shared }];
  return () => Object.assign(stream, fields, { shared: Object.assign(stream.shared, position) });
}

function nodesBelow(node: FileNode, found: Set<FileNode>): Set<FileNode> {
  found.add(node);
  for (const child of childrenOf(node)) if (!found.has(child)) nodesBelow(child, found);
  return found;
}

function childrenOf({ contents }: FileNode): FileNode[] {
  return isBytes(contents) ? [] : Object.values(Object(contents));
}

// What PostgreSQL writes to an empty file is signed.
function isBytes(contents: unknown): contents is Uint8Array | Int8Array {
  return contents instanceof Uint8Array || contents instanceof Int8Array;
}

function saveNode(node: FileNode): () => void {
  const [fields, { contents }] = [{ ...node }, node];
  if (isBytes(contents)) {
    const saved = contents.slice();
    return () => {
      contents.set(saved);
      Object.assign(node, fields);
    };
  }
  const children = { ...Object(contents) };
  return () => void Object.assign(node, fields, contents && { contents: { ...children } });
}
