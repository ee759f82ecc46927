import { describe, expect, it } from 'vitest';
import { unknownTap } from '../../../extension/core/backbone/onnx/tap-names';

describe('a tap that does not exist', () => {
  it('is answered with what does, closest first', () => {
    const error = unknownTap('layer3', ['embedding', 'layer1', 'layer30', 'stem', 'layer2']);
    expect(error.code).toBe('TAP_UNKNOWN');
    expect(error.hint).toBe('choose from: layer30, layer1, layer2, stem, embedding');
  });

  it('does not drown its message', () => {
    const names = Array.from({ length: 500 }, (_, i) => `tensor${i}`);
    expect(unknownTap('x', names).hint).toMatch(/\(and 492 more\)$/);
  });
});
