/** The table of what each device computes, from what the suite over devices measured. */
import { readFileSync, writeFileSync } from 'node:fs';

export function writeSupportPage() {
  writeFileSync(new URL('../support.md', import.meta.url), supportPage());
}

export function supportPage() {
  return pageOf(JSON.parse(readFileSync(new URL('../measurements/support.json', import.meta.url), 'utf8')));
}

const error = (value) => (value === 0 ? 'same' : value.toExponential(0));

function cell(errors) {
  if (!errors) return '';
  return errors.gradient === undefined ? error(errors.forward) : `${error(errors.forward)}, ${error(errors.gradient)}`;
}

function tableOf(devices) {
  const names = Object.keys(devices);
  const ops = [...new Set(names.flatMap((name) => Object.keys(devices[name].ops)))];
  return [
    `| op | ${names.map((name) => `\`${name}\``).join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    ...ops.map((op) => `| ${op} | ${names.map((name) => cell(devices[name].ops[op])).join(' | ')} |`),
    '',
    'Measured on:',
    '',
    ...names.map((name) => `- \`${name}\`: ${devices[name].on}`),
  ].join('\n');
}

function pageOf({ node, browser }) {
  const section = (title, devices) => (devices ? `## ${title}\n\n${tableOf(devices)}\n` : '');
  return `# What runs where

Every op on every device that the tests can reach: how far its values, and then its gradients, are from those of \`tfjs-cpu\`
(the largest difference over the largest value; the tests allow 1e-5 and 1e-4). A single number belongs to an op without a gradient
of its own, such as an optimiser's update. \`tfjs-cpu\` itself is held to golden values and finite differences. \`ort-cuda\` and
\`tfjs-node\` need hardware or libraries that the tests do not have.

${section('In Node', node)}
${section('In a browser', browser)}
## Measure it yourself

A run of the suite replaces the columns of its devices in \`docs/measurements/support.json\`, from which this page is made. Without the
variable it compares with them. The browser's needs Chromium and the built packages; on WebGPU every node of \`ort-webgpu\` has to run on the GPU.

\`\`\`text
GMLP_WRITE_SUPPORT=1 pnpm test:source --project conformance src/devices.test.ts
GMLP_WRITE_SUPPORT=1 pnpm test:browser devices.chromium
\`\`\`
`;
}
