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

/** Prints a check's findings and ends the process: `N passed, N failed[, N skipped]`, one count a name. */
export function finish(findings, skipped = new Map()) {
  let failed = 0;
  for (const [name, problems] of findings) {
    if (problems.length > 0) failed++;
    console.log(`${problems.length > 0 ? 'FAILED' : 'ok    '} ${name}`);
    for (const problem of problems) console.log(`       - ${problem}`);
  }
  for (const [name, reason] of skipped) console.log(`skipped ${name}: ${reason}`);
  const counts = `${findings.size - failed} passed, ${failed} failed`;
  console.log(skipped.size > 0 ? `${counts}, ${skipped.size} skipped` : counts);
  process.exit(failed === 0 ? 0 : 1);
}
