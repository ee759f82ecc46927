import { expect, test } from 'vitest';
import { pngHeader } from '../../../extension/core/image/png-header';

const file = (length: number, data: number[]) =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    Buffer.from([0, 0, 0, length, ...Buffer.from('IHDR'), ...data, 0, 0, 0, 0]),
    Buffer.from([0, 0, 0, 0, ...Buffer.from('IEND'), 0, 0, 0, 0]),
  ]);

test('a header is 13 bytes long, or none: another chunk would be read as part of it', () => {
  expect(pngHeader(file(13, [0, 0, 0, 4, 0, 0, 0, 2, 8, 3, 0, 0, 0]))).toEqual({
    bitDepth: 8,
    colourType: 3,
    animated: false,
  });
  expect(pngHeader(file(5, [0, 0, 0, 4, 0]))).toBeNull();
});
