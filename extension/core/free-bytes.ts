import { statfs } from 'node:fs/promises';

/** Bytes free on the disk of a folder, for this user. Throws as the file system does. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
