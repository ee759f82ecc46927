// Runs suites inside the extension host. Ends with a line that a crash can't write.
import path from 'node:path';
import Mocha from 'mocha';

/** Runs the suites of these names, which lie beside the bundle. Rejects when one fails. */
export const runSuites = (...names: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const mocha = new Mocha({ ui: 'bdd', timeout: 300_000, color: false, reporter: 'spec' });
    for (const name of names) mocha.addFile(path.join(__dirname, `${name}.suite.cjs`));
    const runner = mocha.run((failures) => {
      console.log(`MUSC-IN-HOST ${runner.stats?.passes ?? 0} passed, ${failures} failed`);
      if (failures > 0) reject(new Error(`${failures} in-host tests failed`));
      else resolve();
    });
    runner.on('fail', (test, error: Error) => console.log(`FAILED ${test.fullTitle()}\n${error.stack}`));
  });
