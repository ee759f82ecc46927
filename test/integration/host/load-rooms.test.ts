import { expect, it, vi } from 'vitest';
import { isAtRest } from '../../../extension/host/at-rest';
import { loadAhead } from '../../../extension/host/load-rooms';

vi.mock('vscode', () => import('./fake-vscode'));
vi.mock('../../../extension/host/at-rest', () => ({ isAtRest: vi.fn() }));
vi.mock('../../../extension/host/panel-session', () => ({}));
vi.mock('../../../extension/host/rooms', () => ({ loaded: true }));

it.each([
  ['once the window is at rest', 2, 3],
  ['all the same where it never is', Infinity, 30],
])('what commands need is loaded ahead %s', async (_, busy, looks) => {
  let looked = 0;
  vi.mocked(isAtRest).mockImplementation(() => Promise.resolve(looked++ >= busy));
  expect(await loadAhead()).toEqual({ loaded: true });
  expect(looked).toBe(looks);
});
