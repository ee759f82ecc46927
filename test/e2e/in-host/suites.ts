// Runs suites inside the extension host. Ends with a line that a crash can't write.
import path from 'node:path';
import Mocha from 'mocha';

/** Longest that a test takes, with the four minutes of `loadedAhead`, ms. */
const TIMEOUT = 480_000 * Number(process.env.MUSC_TEST_PATIENCE ?? 1);

/** Runs the suites of these names, which lie beside the bundle. Rejects when one fails. */
export const runSuites = (...names: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const mocha = new Mocha({ ui: 'bdd', timeout: TIMEOUT, color: false, reporter: 'spec' });
    for (const name of names) mocha.addFile(path.join(__dirname, `${name}.suite.cjs`));
    const runner = mocha.run((failures) => {
      console.log(`MUSC-IN-HOST ${runner.stats?.passes ?? 0} passed, ${failures} failed`);
      if (failures > 0) reject(new Error(`${failures} in-host tests failed`));
      else resolve();
    });
    runner.on('fail', (test, error: Error) => console.log(`FAILED ${test.fullTitle()}\n${error.stack}`));
  });
