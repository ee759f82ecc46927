import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '../backbone/device/provider';
import { storeGraph, type Storage } from './kernel/store-graph';

/** Features held at a time, bytes: half of a small graphics card's memory. */
const HELD_BYTES = 2 ** 30;

/**
 * Features on a device, image by image, so that each is brought there once while they fit, the longest unused ones leaving first. On
 * WebGPU they stay in the card's memory; ONNX Runtime for Node offers no such place for the other providers, so there they are kept in
 * ours in the form that is uploaded.
 */
export class DeviceFeatures {
  private readonly held = new Map<number, Tensor>();

  private constructor(
    private readonly session: InferenceSession,
    readonly storage: Storage,
    private heldBytes: number,
  ) {}

  /** Throws where the device can't make the conversion: not every graphics card knows float16. */
  static async create(
    device: Device,
    storage: Storage,
    options: InferenceSession.SessionOptions,
    heldBytes = HELD_BYTES,
  ): Promise<DeviceFeatures> {
    const session = await InferenceSession.create(storeGraph(storage), {
      ...options,
      graphOptimizationLevel: 'disabled', // a copy must stay one
      preferredOutputLocation: device === 'webgpu' ? 'gpu-buffer' : 'cpu',
    });
    const features = new DeviceFeatures(session, storage, heldBytes);
    await features.get(0, () => new Float32Array(4), 4);
    features.clear();
    return features;
  }

  /** Image `image`'s P x C features as a graph's input; `load` is called where they are not there yet. */
  async get(image: number, load: () => Float32Array, channels: number): Promise<Tensor> {
    const found = this.held.get(image);
    if (found) {
      this.held.delete(image);
      this.held.set(image, found);
      return found;
    }
    const features = load();
    const { Y } = await this.session.run({
      X: new Tensor('float32', features, [features.length / channels, channels]),
    });
    this.held.set(image, Y);
    return Y;
  }

  /** Drops the longest unused images beyond the limit, but none of the last `needed`. */
  trim(needed: number): void {
    let bytes = 0;
    for (const [k, [image, tensor]] of [...this.held].reverse().entries()) {
      bytes += this.bytesOf(tensor);
      if (k < needed || bytes <= this.heldBytes) continue;
      tensor.dispose();
      this.held.delete(image);
    }
  }

  /** Lets everything go and holds half of it from now on: the card may be smaller than thought, or others use it, too. */
  holdLess(): void {
    this.heldBytes = [...this.held.values()].reduce((sum, tensor) => sum + this.bytesOf(tensor), 0) / 2;
    this.clear();
  }

  /** Images held now. */
  get size(): number {
    return this.held.size;
  }

  clear(): void {
    for (const tensor of this.held.values()) tensor.dispose();
    this.held.clear();
  }

  async close(): Promise<void> {
    this.clear();
    await this.session.release();
  }

  private bytesOf(tensor: Tensor): number {
    return tensor.size * (this.storage === 'float16' ? 2 : 4);
  }
}
