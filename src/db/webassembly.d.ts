// Node has WebAssembly; its types for Node 20 do not say so, and the whole DOM library would say too much.
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: object): Promise<{ exports: Record<string, unknown> }>;
}
