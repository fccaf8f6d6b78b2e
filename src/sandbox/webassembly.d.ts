// The part of the WebAssembly API that the sandbox uses; Node has it, Node's types do not.
declare namespace WebAssembly {
  type Bytes = Uint8Array<ArrayBuffer>;
  type Imports = Readonly<Record<string, Record<string, unknown>>>;
  type Exports = Readonly<Record<string, unknown>>;

  class Module {
    constructor(bytes: Bytes);
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
  class Memory {
    constructor(size: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class Table {
    readonly length: number;
    grow(by: number, value?: unknown): number;
  }
  class Global {
    value: number;
  }
  function compile(bytes: Bytes): Promise<Module>;
}
