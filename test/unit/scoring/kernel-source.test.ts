import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { KERNEL_WASM } from '../../../extension/core/scoring/kernel/wasm';

it('embeds what was compiled from the sources beside it', () => {
  expect(execFileSync(process.execPath, ['build/kernel.mjs', '--check'], { encoding: 'utf8' })).toBe(
    'kernel is up to date\n',
  );
  expect(WebAssembly.validate(Buffer.from(KERNEL_WASM, 'base64'))).toBe(true);
});
