/** A reporter of vitest that writes what was thrown outside of any test, a line each, into the file that `GMLP_STRAY_ERRORS` names: its JSON leaves them out. */
import { appendFileSync } from 'node:fs';

export default class StrayErrorsReporter {
  onTestRunEnd(_modules, errors) {
    for (const { name, message = '', stack = '', VITEST_TEST_PATH: path, VITEST_TEST_NAME: test } of errors) {
      const where =
        stack
          .split('\n')
          .find((line) => /^\s*at /.test(line))
          ?.trim() ?? '';
      const during = path === undefined ? '' : ` (while ${path}${test === undefined ? '' : ` > ${test}`} ran)`;
      const line = `${name ?? 'error'}: ${message} ${where}${during}`.replace(/\s+/g, ' ');
      appendFileSync(process.env['GMLP_STRAY_ERRORS'], `${line}\n`);
    }
  }
}
