/**
 * `node tooling/run-tests.mjs [--fixtures | --bits | --browser] [arguments of vitest]`: every test on the sources, then every test on the built
 * packages; with `--fixtures` exactly the tests on golden values, on the sources, with `--bits` those of whether calls give the same
 * bits, with `--browser` those of the built packages and of the documentation's pages in a browser. What was skipped is listed by its titles, which say
 * why, and what failed by file and title. The last line sums up as `N passed, N failed[, N skipped]`; a file that does not load and a build that fails count as one
 * failure each.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { build, root } from './run-built.mjs';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const strayErrors = join(root, 'tooling', 'stray-errors-reporter.mjs');
const folder = mkdtempSync(join(tmpdir(), 'gmlp-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
/** How many tests were skipped, by the title that says why: a test's own, or that of a group. */
const skipped = new Map();
const failed = [];
const only = {
  '--fixtures': 'vitest.fixtures.config.ts',
  '--bits': 'vitest.bits.config.ts',
  '--browser': 'vitest.browser.config.ts',
};
const [first] = process.argv.slice(2);
const chosen = Object.hasOwn(only, first ?? '') ? only[first] : undefined;
const args = process.argv.slice(chosen ? 3 : 2);

function runTests(config) {
  const report = join(folder, `${config}.json`);
  const stray = join(folder, `${config}.stray`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, `--reporter=${strayErrors}`];
  const { status, signal } = spawnSync(process.execPath, [vitest, 'run', '--config', config, ...reporters, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GMLP_STRAY_ERRORS: stray },
  });
  const before = total.failed;
  if (existsSync(report)) {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const unloaded = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
    total.passed += result.numPassedTests;
    total.failed += result.numFailedTests + unloaded.length;
    failed.push(...unloaded.map(({ name }) => `${relative(root, name)} (${config}): did not load`));
    for (const { name, assertionResults } of result.testResults) {
      for (const { status, fullName } of assertionResults) {
        if (status === 'failed') failed.push(`${relative(root, name)} (${config}): ${fullName}`);
      }
    }
    total.skipped += result.numPendingTests + result.numTodoTests;
    for (const { status, ancestorTitles, title } of result.testResults.flatMap((file) => file.assertionResults)) {
      if (status === 'passed' || status === 'failed') continue;
      const titles = [...ancestorTitles, title];
      const why = titles.slice(0, titles.findIndex((each) => each.includes('skipped')) + 1 || titles.length).join(' > ');
      skipped.set(why, (skipped.get(why) ?? 0) + 1);
    }
  }
  // vitest also fails on errors outside of tests, and where nothing ran.
  if (status === 0) return;
  const errors = existsSync(stray) ? readFileSync(stray, 'utf8').trimEnd().split('\n') : [];
  failed.push(...errors.map((error) => `${config}: ${error}`));
  if (total.failed > before) return;
  total.failed++;
  if (errors.length === 0) failed.push(`${config}: vitest ended with ${signal ?? status}, and no test failed`);
}

async function runTestsOnBuilt(config) {
  console.log('Building');
  if (await build()) {
    console.log('Tests on the built packages');
    runTests(config);
  } else {
    total.failed++;
    console.log('The build failed: nothing was tested on the built packages.');
  }
}

if (first === '--browser') {
  await runTestsOnBuilt(chosen);
} else if (chosen) {
  runTests(chosen);
} else {
  console.log('Tests on the sources');
  runTests('vitest.config.ts');
  await runTestsOnBuilt('vitest.built.config.ts');
}
rmSync(folder, { recursive: true, force: true });

for (const each of failed) console.log(`failed: ${each}`);
for (const [why, count] of skipped) console.log(`skipped ${count}x: ${why}`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 ? 0 : 1);
