import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-built.mjs';

/** The packages that are published: folder and manifest. */
export function publishablePackages() {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => !manifest.private);
}

/** Prints a check's findings and ends the process: `N passed, N failed`, one count a package. */
export function finish(findings) {
  let failed = 0;
  for (const [name, problems] of findings) {
    if (problems.length > 0) failed++;
    console.log(`${problems.length > 0 ? 'FAILED' : 'ok    '} ${name}`);
    for (const problem of problems) console.log(`       - ${problem}`);
  }
  console.log(`${findings.size - failed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
