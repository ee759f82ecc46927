/**
 * Environment of our own processes: the editor's program as plain Node. On glibc one arena for all threads: with one each, the memory of every
 * product's result is given back to the system and mapped anew, which costs mutual scoring a third (docs/speed.md).
 */
export const childEnvironment = (own: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => ({
  MALLOC_ARENA_MAX: '1',
  ...process.env,
  ...own,
  ELECTRON_RUN_AS_NODE: '1',
});
