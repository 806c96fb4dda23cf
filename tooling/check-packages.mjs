/**
 * Packs every publishable package and looks at the tarball as its user would get it: publint, Are the Types Wrong, the
 * manifest, the list of files, and whether each entry loads with nothing installed but what the package declares.
 * Build first.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packPackage } from './pack-package.mjs';
import { finish, publishablePackages } from './publishable-packages.mjs';
import { root } from './run-built.mjs';

const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
const work = mkdtempSync(join(tmpdir(), 'gmlp-packages-'));
const packages = publishablePackages();
const findings = new Map(packages.map(({ manifest }) => [manifest.name, []]));

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (result.error) throw result.error;
  return result;
}

/** Where each package lies, unpacked: `node_modules` of an imagined user who installed it. */
const unpacked = new Map(packages.map(({ manifest }) => [manifest.name, join(work, 'unpacked', manifest.name)]));

async function pack(each) {
  const { name } = each.manifest;
  const tarball = await packPackage(each, join(work, 'tarballs', name));
  mkdirSync(unpacked.get(name), { recursive: true });
  run('tar', ['-xzf', tarball, '-C', unpacked.get(name), '--strip-components=1']);
  return tarball;
}

function filesUnder(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

function manifestProblems(manifest) {
  const text = JSON.stringify({ ...manifest, sideEffects: [] }); // those may name sources: a pattern that nothing matches
  const problems = ['workspace:', 'catalog:', 'gmlp-source', '"./src/']
    .filter((word) => text.includes(word))
    .map((word) => `package.json still says ${word}`);
  if (manifest.license !== 'Apache-2.0') problems.push('package.json names another licence than Apache-2.0');
  if (manifest.type !== 'module') problems.push('package.json is not "type": "module"');
  if (manifest.engines?.node !== '>=20.19') problems.push('package.json does not say "node": ">=20.19"');
  for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
    if (name.startsWith('@tensorflow/') && range !== '^4.22.0') problems.push(`peer ${name} is ${range}, not ^4.22.0`);
  }
  for (const script of ['preinstall', 'install', 'postinstall']) {
    if (manifest.scripts?.[script]) problems.push(`package.json has a script ${script}`);
  }
  return problems;
}

function fileProblems(files) {
  const problems = files
    .filter((file) => /\.test\.|(^|\/)src\/|node_modules|fixtures/.test(file))
    .map((file) => `the tarball holds ${file}`);
  if (!files.includes('LICENSE')) problems.push('the tarball has no LICENSE');
  return problems;
}

async function publintProblems(folder) {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

function typeProblems(tarball) {
  const { status, stdout, stderr } = run(process.execPath, [
    attw,
    tarball,
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--no-color',
    '--no-emoji',
    '--no-definitely-typed',
  ]);
  return status === 0 ? [] : [`attw:\n${stdout}${stderr}`];
}

/** Links what the package declares (optional peers left out), and nothing else, beside the unpacked package. */
function linkDeclared({ folder, manifest }) {
  const optional = Object.keys(manifest.peerDependenciesMeta ?? {});
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
    (name) => !optional.includes(name),
  );
  for (const name of names) {
    const link = join(unpacked.get(manifest.name), 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(unpacked.get(name) ?? realpathSync(join(folder, 'node_modules', name)), link, 'junction');
  }
}

function loadProblems(manifest) {
  const entries = Object.keys(manifest.exports ?? {}).filter((entry) => !entry.endsWith('.json'));
  return entries.flatMap((entry) => {
    const name = `${manifest.name}${entry.slice(1)}`;
    const { status, stderr } = run(process.execPath, ['--input-type=module', '--eval', `await import('${name}')`], {
      cwd: unpacked.get(manifest.name),
    });
    return status === 0 ? [] : [`import '${name}' fails: ${stderr.match(/^\w*Error.*$/m)?.[0] ?? stderr}`];
  });
}

try {
  for (const each of packages) {
    const tarball = await pack(each);
    const folder = unpacked.get(each.manifest.name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const problems = findings.get(manifest.name);
    problems.push(...manifestProblems(manifest), ...fileProblems(filesUnder(folder)), ...(await publintProblems(folder)));
    if (manifest.exports) problems.push(...typeProblems(tarball));
  }
  for (const each of packages) linkDeclared(each);
  for (const { manifest } of packages) findings.get(manifest.name).push(...loadProblems(manifest));
} finally {
  rmSync(work, { recursive: true, force: true });
}
finish(findings);
