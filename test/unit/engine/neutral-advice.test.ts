import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MuscError, toMuscError } from '../../../extension/core/errors';

const root = path.resolve(__dirname, '../../../extension');
const files = ['core', 'host', 'engine/methods'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name)),
);

describe('advice', () => {
  it('names options and commands of the command line nowhere but in `options`', () => {
    for (const file of files)
      for (const line of readFileSync(path.join(root, file), 'utf8').split('\n')) {
        if (!/\bhint\b|new MuscError\(|\bnote/.test(line)) continue;
        expect(line, file).not.toMatch(/[\s'"`(]--[a-z]|musc (score|bench|compare|models|export|sample)\b/);
      }
  });

  it('has its options at the end of the line of the command line, and nowhere else', () => {
    const error = new MuscError('DEVICE_FAILED', 'it broke', { hint: 'try the cpu', options: '--device cpu' });
    expect(error.toLine()).toBe('DEVICE_FAILED: it broke, try the cpu');
    expect(error.toCommandLine()).toBe('DEVICE_FAILED: it broke, try the cpu (--device cpu)');
    expect(new MuscError('CANCELLED', 'cancelled').toCommandLine()).toBe('CANCELLED: cancelled');
  });

  it('on a folder that cannot be written is a place for people, an option for scripts', () => {
    const error = toMuscError(Object.assign(new Error('no'), { code: 'EACCES' }), '/a');
    expect(error.toLine()).toBe(
      'FOLDER_READ_ONLY: no permission to read or write, /a, choose another place, or change the permissions',
    );
    expect(error.toCommandLine()).toContain('(--out DIR)');
  });
});
