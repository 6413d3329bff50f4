/** What the sandbox uses of it: Node has it, and its types come with those of browsers only. */
declare global {
  namespace WebAssembly {
    type Module = object;
    interface Memory {
      readonly buffer: ArrayBuffer;
    }
    function compile(bytes: Uint8Array): Promise<Module>;
  }
}

export {};
