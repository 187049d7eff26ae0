// Node supports WebAssembly, but its types for Node 20 omit it, and the whole DOM library would add too much.
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: object): Promise<{ exports: Record<string, unknown> }>;
}
