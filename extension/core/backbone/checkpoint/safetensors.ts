import { open, type FileHandle } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { MuscError, toMuscError } from '../../errors';
import { widen } from './dtype';
import { HEADER_LIMIT, parseHeader, refuse, type SafetensorsHeader, type TensorEntry } from './safetensors-header';

/** An open safetensors file: the header in memory, every tensor read only when asked for. Close it after use. */
export class Safetensors implements SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly dataStart: number;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    header: SafetensorsHeader,
  ) {
    this.tensors = header.tensors;
    this.metadata = header.metadata;
    this.dataStart = header.dataStart;
  }

  /** Reads and checks the header. Throws BACKBONE_INVALID for a malformed file, FILE_IO where it can't be read. */
  static async open(path: string): Promise<Safetensors> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'r');
      const { size } = await handle.stat();
      if (size < 8) throw refuse(l10n.t('it has {0} bytes, too few for the length field', size), path);
      const length = new DataView((await readFully(handle, 0, 8, path)).buffer).getBigUint64(0, true);
      const start = await readFully(handle, 0, Math.min(16, size), path);
      const foreign = foreignFormat(start);
      if (foreign) throw refuse(foreign, path);
      if (length > BigInt(HEADER_LIMIT))
        throw refuse(
          l10n.t('its header claims {0} bytes, more than the {1} allowed', String(length), HEADER_LIMIT),
          path,
        );
      if (length > BigInt(size - 8))
        throw refuse(
          l10n.t('its header claims {0} bytes, the file has only {1} after the length field', String(length), size - 8),
          path,
        );
      const header = parseHeader(await readFully(handle, 8, Number(length), path), size, path);
      return new Safetensors(path, handle, header);
    } catch (error) {
      await handle?.close();
      throw error instanceof MuscError ? error : toMuscError(error, path);
    }
  }

  /** One tensor's bytes, as in the file. Throws BACKBONE_INVALID where the name is unknown or the file was cut since. */
  async bytes(name: string): Promise<Uint8Array> {
    const { begin, end } = this.entry(name);
    return readFully(this.handle, this.dataStart + begin, end - begin, this.path);
  }

  /** One tensor as float32 in C order, subnormals and signs of zero kept. */
  async float32(name: string): Promise<Float32Array> {
    return widen(this.entry(name).dtype, await this.bytes(name));
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private entry(name: string): TensorEntry {
    const entry = this.tensors.get(name);
    if (!entry) throw refuse(l10n.t('it has no tensor {0}', name), this.path);
    return entry;
  }
}

/** What else a file may be that people take for safetensors, told by its first bytes. */
function foreignFormat(start: Uint8Array): string | null {
  const text = Buffer.from(start).toString('latin1');
  if (text.startsWith('PK\x03\x04')) return l10n.t('it starts like a zip archive, as PyTorch .pth and .pt files do');
  if (text.startsWith('\x80\x02') || text.startsWith('\x80\x04')) return l10n.t('it is a Python pickle');
  if (text.startsWith('version https')) return l10n.t('it is a Git LFS pointer, not the file itself');
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return l10n.t('it is a web page, perhaps an error saved by a browser');
  return null;
}

async function readFully(handle: FileHandle, position: number, length: number, where: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw refuse(l10n.t('it ends at byte {0}', position + done), where);
    done += bytesRead;
  }
  return bytes;
}
