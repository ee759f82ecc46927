// The arrows of the house: host, engine -> core; all -> protocol; webview -> protocol. Only host/ and main.ts may import 'vscode'.
import tseslint from 'typescript-eslint';

const room = (files, forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: forbidden.map(([group, message]) => ({ group, message })) }],
  },
});
const vscode = [['vscode'], 'Only extension/host and extension/main.ts talk to the editor.'];
const host = [
  ['**/host/*', '**/host/**'],
  'Imports point inwards: core, engine, protocol and webview never import host.',
];
const engine = [['**/engine/*', '**/engine/**'], 'Imports point inwards: only tests may reach into engine.'];
const core = [['**/core/*', '**/core/**'], 'protocol and webview know types and schemas of protocol/ only.'];
const webview = [['**/webview/*', '**/webview/**'], 'The webview is a leaf: nothing imports it.'];
const node = [['node:*', 'sharp', 'onnxruntime-node'], 'This room runs in a browser or is pure types.'];

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', '**/*.as.ts', 'test/fixtures/**', '.cache/**'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  { files: ['build/**', 'test/**', 'extension/engine/**'], rules: { 'no-console': 'off' } },
  room(['extension/core/**/*.ts'], [vscode, host, engine, webview]),
  room(['extension/engine/**/*.ts'], [vscode, host, webview]),
  room(['extension/host/**/*.ts', 'extension/main.ts'], [engine, webview]),
  room(['extension/protocol/**/*.ts'], [vscode, host, engine, core, webview, node]),
  room(['webview/**/*.ts'], [vscode, host, engine, core, node]),
);
