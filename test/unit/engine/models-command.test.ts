import { expect, it } from 'vitest';
import { modelsCommand } from '../../../extension/engine/cli/models-command';

it.each([
  ['32O', 'USAGE'],
  ['', 'USAGE'],
  ['7', 'SETTING_INVALID'],
  ['32.5', 'SETTING_INVALID'],
  ['4096', 'SETTING_INVALID'],
])('import --image-size %j is refused as score refuses it, by %s', async (size, code) => {
  const argv = ['import', 'models/embedded/musc-embedded.onnx', '--taps', 'stride8', '--image-size', size];
  const imported = modelsCommand([...argv, '--models', '/no/such/folder'], { signal: new AbortController().signal });
  await expect(imported).rejects.toMatchObject({ code });
});
