import { open, type FileHandle } from 'node:fs/promises';
import type { WeightSink } from './graph-builder';

/** Start of every tensor: a page, so that ONNX Runtime can map the file instead of copying it; bytes. */
const ALIGNMENT = 4096;

/** External data of an ONNX model, written tensor by tensor. */
export class WeightsFile implements WeightSink {
  private end = 0;

  private constructor(private readonly handle: FileHandle) {}

  static async create(path: string): Promise<WeightsFile> {
    return new WeightsFile(await open(path, 'wx'));
  }

  async append(bytes: Uint8Array): Promise<{ offset: number; length: number }> {
    const offset = Math.ceil(this.end / ALIGNMENT) * ALIGNMENT;
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
    this.end = offset + bytes.length;
    return { offset, length: bytes.length };
  }

  /** Makes sure that the data are on the disk. */
  async finish(): Promise<void> {
    await this.handle.sync();
    await this.handle.close();
  }

  async discard(): Promise<void> {
    await this.handle.close();
  }
}
