import { KERNEL_WASM } from './wasm';

/** What kernel.as.ts exports: addresses and sizes are bytes. Documented there. */
export interface KernelFunctions {
  fusedScratch(height: number, width: number, pitch: number): number;
  fusedMaxima(
    gram: number,
    height: number,
    width: number,
    pitch: number,
    inverseP: number,
    inverseQ: number,
    rows: number,
    columns: number,
    scratch: number,
  ): void;
  degreeScratch(height: number, width: number, pitch: number, radius: number): number;
  degreeMaxima(
    gram: number,
    height: number,
    width: number,
    pitch: number,
    radius: number,
    inverseP: number,
    inverseQ: number,
    rows: number,
    columns: number,
    scratch: number,
  ): void;
  windowSquares(
    features: number,
    height: number,
    width: number,
    channels: number,
    radius: number,
    scratch: number,
    out: number,
  ): void;
  layerNorm(values: number, count: number, epsilon: number): void;
  patchProducts(features: number, patches: number, channels: number, vectors: number, count: number, out: number): void;
  keptScratch(n: number): number;
  keptMeans(
    distances: number,
    n: number,
    stride: number,
    count: number,
    first: number,
    end: number,
    out: number,
    scratch: number,
  ): void;
  keptSmallest(
    distances: number,
    n: number,
    stride: number,
    count: number,
    kept: number,
    out: number,
    scratch: number,
  ): void;
}

const PAGE = 65536; // bytes
/** The most that a module's memory can have, bytes: addresses have 32 bits. */
export const MOST_WASM_BYTES = PAGE * 65536;
/** The compiled module's own data lie below. */
const FIRST = PAGE;
const ALIGN = 64; // bytes, a cache line

/** The kernel's memory: reserve what is needed, then start it. Not shared, because ONNX Runtime refuses shared buffers. */
export class WasmMemory {
  private top = FIRST;
  private memory: WebAssembly.Memory | null = null;

  /** Address of `bytes` new bytes, zero at the start. Only before `start`. */
  reserve(bytes: number): number {
    const at = this.top;
    this.top += Math.ceil(bytes / ALIGN) * ALIGN;
    return at;
  }

  /** What `start` takes of the machine's memory. */
  get bytes(): number {
    return (Math.ceil(this.top / PAGE) + 1) * PAGE;
  }

  start(): KernelFunctions {
    const pages = this.bytes / PAGE;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const module = new WebAssembly.Module(Buffer.from(KERNEL_WASM, 'base64'));
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    return instance.exports as unknown as KernelFunctions;
  }

  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer(), address, length);
  }

  doubles(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.buffer(), address, length);
  }

  private buffer(): ArrayBuffer {
    if (this.memory === null) throw new Error('the kernel has not been started');
    return this.memory.buffer;
  }
}

/** The bare functions, for asking sizes before memory is reserved. */
export const sizes = (): Pick<KernelFunctions, 'fusedScratch' | 'degreeScratch' | 'keptScratch'> =>
  new WasmMemory().start();
