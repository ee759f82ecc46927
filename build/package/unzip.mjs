// Unpacks a zip archive: deflated or stored entries, as vsce writes them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50; // end of central directory
const CENTRAL = 0x02014b50;

/** Names, methods and places of the entries. Throws on what is no zip. */
function* entries(bytes) {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error('not a zip file');
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error('damaged zip file');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    yield {
      name,
      method: bytes.readUInt16LE(at + 10),
      size: bytes.readUInt32LE(at + 20),
      local: bytes.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + extraLength + commentLength;
  }
}

/** Unpacks `archive` into `folder`; nothing can land outside of it. */
export function unzip(archive, folder) {
  const bytes = readFileSync(archive);
  for (const { name, method, size, local } of entries(bytes)) {
    const target = path.resolve(folder, name);
    if (path.relative(folder, target).startsWith('..')) throw new Error(`entry leads outside: ${name}`);
    if (name.endsWith('/')) continue;
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + size);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, method === 0 ? data : inflateRawSync(data));
  }
}
