// Zip archives, as much of them as VSIX files need: deflated or stored entries, no encryption, below 4 GB.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
const UTF8 = 0x0800; // names are UTF-8
const VERSION = 20; // 2.0: deflate
/** 1 January 2024, 00:00, as DOS date and time: no clock gets into the bytes. */
const DATE = ((2024 - 1980) << 9) | (1 << 5) | 1;

/** Files of an archive: [name, content], in its order. Throws on what is no zip. */
export function* readZip(archive) {
  const bytes = readFileSync(archive);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error(`not a zip file: ${archive}`);
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error(`damaged zip file: ${archive}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    if (!name.endsWith('/')) yield [name, bytes.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(data) : data];
    at += 46 + nameLength + extraLength + commentLength;
  }
}

/**
 * Deflate's window of symbols per block, as zlib's memLevel: short blocks suit binaries, long ones text. The smallest result is taken,
 * which is worth 75 kB of a package.
 */
const BLOCKS = [6, 7, 9];

/** The content as small as deflate can. */
function deflate(content) {
  const tries = BLOCKS.map((memLevel) => deflateRawSync(content, { level: 9, memLevel }));
  return tries.reduce((best, packed) => (packed.length < best.length ? packed : best));
}

/** Writes [name, content] pairs as small as deflate can, sorted by name: the same files give the same bytes. */
export function writeZip(archive, files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  const push = (buffer) => {
    parts.push(buffer);
    offset += buffer.length;
  };
  for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const packed = deflate(content);
    const encoded = Buffer.from(name);
    const common = Buffer.alloc(26); // what both headers share, from "version needed" to the lengths
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(encoded.length, 22);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE((3 << 8) | VERSION, 4); // made on Unix, so that the mode below counts
    common.copy(central, 6);
    central.writeUInt32LE((0o100644 << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    directory.push(central, encoded);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(LOCAL, 0);
    for (const part of [local, common, encoded, packed]) push(part);
  }
  const start = offset;
  directory.forEach(push);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(offset - start, 12);
  end.writeUInt32LE(start, 16);
  push(end);
  writeFileSync(archive, Buffer.concat(parts));
}

/** Unpacks `archive` into `folder`; nothing can land outside of it. */
export function unzip(archive, folder) {
  for (const [name, content] of readZip(archive)) {
    const target = path.resolve(folder, name);
    if (path.relative(folder, target).startsWith('..')) throw new Error(`entry leads outside: ${name}`);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
