import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { GoldenCase, manifest, type CheckResult, type GoldenSuite } from './suite';

const USAGE = 'usage: npm run golden -- DIR [--only FOLDER,..]';

/** Checks every folder of fixtures under the directory named in `argv`; returns the exit code. Prints `N passed, N failed` last. */
export async function runGolden(argv: readonly string[], suites: readonly GoldenSuite[]): Promise<number> {
  const { directory, only } = parse(argv);
  if (directory === undefined) {
    console.error(USAGE);
    return 2;
  }
  let passed = 0;
  let failed = 0;
  const fail = (what: string): void => {
    failed++;
    console.log(`  FAILED  ${what}`);
  };
  const folders = await readdir(directory, { withFileTypes: true }).then(
    (entries) =>
      entries
        .filter((e) => e.isDirectory())
        .map((e) => e.name)
        .sort(),
    () => null,
  );
  if (folders === null) {
    fail(`${directory} is not a readable folder`);
  } else {
    if (folders.length === 0) fail(`${directory} holds no folder of fixtures`);
    for (const name of only ?? []) if (!folders.includes(name)) fail(`${name}: no such folder in ${directory}`);
    for (const folder of folders.filter((f) => only === null || only.includes(f))) {
      const before = { passed, failed };
      for (const result of await checkFolder(path.join(directory, folder), folder, suites)) {
        if (result.ok) passed++;
        else fail(`${folder}/${result.key}: ${result.detail}`);
      }
      console.log(`${folder}: ${passed - before.passed} checks passed, ${failed - before.failed} failed`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function parse(argv: readonly string[]): { directory: string | undefined; only: string[] | null } {
  let directory: string | undefined;
  let only: string[] | null = null;
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--only') only = (argv[++i] ?? '').split(',').filter(Boolean);
    else if (argv[i].startsWith('--only=')) only = argv[i].slice(7).split(',').filter(Boolean);
    else if (argv[i].startsWith('-') || directory !== undefined) return { directory: undefined, only };
    else directory = path.resolve(argv[i]);
  }
  return { directory, only };
}

/** All results of one folder; keys are `case/key`. What can't be understood is a failure, never left out. */
async function checkFolder(directory: string, folder: string, suites: readonly GoldenSuite[]): Promise<CheckResult[]> {
  const problem = (key: string, detail: string): CheckResult[] => [{ key, ok: false, detail }];
  let parsed;
  try {
    parsed = manifest.safeParse(JSON.parse(await readFile(path.join(directory, 'cases.json'), 'utf8')));
  } catch (error) {
    return problem('cases.json', `not readable: ${String(error)}`);
  }
  if (!parsed.success)
    return problem('cases.json', parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '));
  const suite = suites.find((s) => s.folder === parsed.data.folder);
  if (!suite) return problem('cases.json', `no suite understands folder "${parsed.data.folder}"`);
  if (parsed.data.folder !== folder)
    return problem('cases.json', `the folder is named ${folder}, its manifest says ${parsed.data.folder}`);
  if (parsed.data.cases.length === 0) return problem('cases.json', 'no cases');
  const results: CheckResult[] = [];
  for (const c of parsed.data.cases) {
    for (const entry of [...Object.values(c.tensors), ...Object.values(c.files)])
      if (!(await isFile(path.join(directory, entry.file))))
        results.push({ key: `${c.name}/${entry.file}`, ok: false, detail: 'the file is missing' });
    const testCase = new GoldenCase(directory, c.name, c.params, c.tensors, c.files, c.expected, parsed.data.cases);
    results.push(...(await checkCase(suite, testCase)).map((r) => ({ ...r, key: `${c.name}/${r.key}` })));
  }
  return results;
}

const isFile = (file: string): Promise<boolean> =>
  stat(file).then(
    (s) => s.isFile(),
    () => false,
  );

/** A case fails where the suite throws, and for every expected tensor or file that the suite did not compare. */
async function checkCase(suite: GoldenSuite, testCase: GoldenCase): Promise<CheckResult[]> {
  try {
    const results = [...(await suite.check(testCase))];
    const seen = new Set(results.map((r) => r.key));
    for (const key of testCase.expectedKeys())
      if (!seen.has(key)) results.push({ key, ok: false, detail: 'expected, but nothing compared it' });
    return results;
  } catch (error) {
    return [{ key: '*', ok: false, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) }];
  }
}
