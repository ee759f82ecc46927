import { expect, it, vi } from 'vitest';
import { patientRename } from '../../../extension/core/patient-rename';

const refusal = (code: string) => Object.assign(new Error(code), { code });
const wait = vi.fn(() => Promise.resolve());

it('on Windows a file that is held for a moment is waited for', async () => {
  const move = vi
    .fn()
    .mockRejectedValueOnce(refusal('EPERM'))
    .mockRejectedValueOnce(refusal('EBUSY'))
    .mockResolvedValue(undefined);
  await patientRename('a', 'b', { platform: 'win32', move, wait });
  expect(move.mock.calls).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

it('one that stays held is an error in the end, anything else at once', async () => {
  const held = vi.fn().mockRejectedValue(refusal('EACCES'));
  await expect(patientRename('a', 'b', { platform: 'win32', move: held, wait })).rejects.toMatchObject({
    code: 'EACCES',
  });
  expect(held.mock.calls.length).toBeGreaterThan(5);
  for (const [platform, code] of [
    ['win32', 'ENOSPC'],
    ['linux', 'EPERM'],
  ] as const) {
    const move = vi.fn().mockRejectedValue(refusal(code));
    await expect(patientRename('a', 'b', { platform, move, wait })).rejects.toMatchObject({ code });
    expect(move).toHaveBeenCalledOnce();
  }
});
