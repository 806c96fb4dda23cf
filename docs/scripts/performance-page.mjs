/** The page of figures, from what `pnpm bench step`, `pnpm bench dispatches` and `pnpm bench browser` printed with `--json`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const whole = (value) => Math.round(value).toLocaleString('en-US');
/** How many times as long; two digits say all that a shared machine's times can, three where the two are close. */
const times = (value) => `${Number(value.toPrecision(value < 2 ? 3 : 2))}x`;

export function writePerformancePage() {
  writeFileSync(new URL('../performance.md', import.meta.url), performancePage());
}

const figuresOf = (name) => JSON.parse(readFileSync(new URL(`../measurements/${name}.json`, import.meta.url), 'utf8'));

/** Of each machine what `pnpm bench step` printed there, where gmlp gains least over PyTorch first. */
const stepOnMachines = () =>
  readdirSync(new URL('../measurements/step', import.meta.url))
    .map((file) => figuresOf(`step/${file.replace(/\.json$/, '')}`))
    .sort((a, b) => (a.step.overPytorch ?? 0) - (b.step.overPytorch ?? 0));

export function performancePage() {
  return pageOf(stepOnMachines());
}

const nameOf = ({ on, machine }) => on ?? `${machine.cpu}, ${machine.cores} cores`;

/** A number, or what several runs lie between. */
const range = (values, show) =>
  Array.isArray(values) ? values.map(show).join(' to ') : values == null ? 'not measured' : show(values);

function besidePytorch(machines) {
  const pair = (figures, show) => `${range(figures.gmlp, show)} / ${range(figures.pytorch, show)}`;
  const rows = machines
    .filter(({ step }) => step.pytorch != null)
    .flatMap((figures) => {
      const { step, forward, peakMb, product = {}, otherRuns = [] } = figures;
      const others = otherRuns.map(
        ({ on, ...over }) => `| ${on} | | ${range(over.step, times)} | | ${range(over.forward, times)} | | |`,
      );
      return [
        `| ${nameOf(figures)} | ${pair(step, whole)} | ${times(step.overPytorch)} | ${pair(forward, whole)} | ${times(
          forward.overPytorch,
        )} | ${pair(product, whole)} | ${pair(peakMb, whole)} |`,
        ...others,
      ];
    });
  return `| machine | step, ms | PyTorch over gmlp | forward, ms | PyTorch over gmlp | product alone, GFLOP/s | peak memory, MB |
|---|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}`;
}

function inBrowser() {
  const { command, machine, threads, step, overTfjsWasm, overOrtCpu, product } = figuresOf('browser');
  return `The training step of the table above in headless Chromium ${machine.chromium}, on ${threads} threads of WebAssembly, and on \`ort-cpu\`
in Node beside it. Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}. Command: \`${command}\`.

| side | step, ms | over \`ort-wasm\` |
|---|--:|--:|
| gmlp on \`ort-wasm\`, Chromium | ${whole(step.ortWasm)} | 1x |
| plain TensorFlow.js on wasm, Chromium | ${whole(step.tfjsWasm)} | ${times(overTfjsWasm)} |
| gmlp on \`ort-cpu\`, Node | ${whole(step.ortCpu)} | ${times(step.ortCpu / step.ortWasm)} |

The browser takes ${times(overOrtCpu)} the time of Node. Most of a step is products of matrices, and they bound it: one alone, the first of
a block, runs at ${whole(product.ortWasm)} GFLOP/s on \`ort-wasm\` and at ${whole(product.ortCpu)} on \`ort-cpu\` (${times(product.overOrtCpu)}). WebAssembly's vectors have four
lanes; the processor's own have eight with AVX2 and sixteen with AVX-512, so the ratio depends on the processor.`;
}

function onGpu() {
  const { command, blocks, channels, hidden, tokens, batch, composed, fused, parameterTensors } = figuresOf('dispatches');
  const megabytes = ({ bytes }) => (bytes / 1e6).toFixed(1);
  const share = (part) => `${((100 * fused.step[part]) / composed.step[part]).toFixed(0)} %`;
  return `On \`tfjs-webgpu\` many of the ops are one shader each. What that saves can be counted without a GPU: one training step of
${blocks} gMLP blocks (${channels} channels, ${hidden} inside of the block, ${tokens} tokens, batch ${batch}) with our shaders, and composed of TensorFlow.js's
kernels as where a backend has none of ours.

| | dispatches | memory bound by them, MB | dispatches of AdamW |
|---|--:|--:|--:|
| composed | ${whole(composed.step.dispatches)} | ${megabytes(composed.step)} | ${whole(composed.optimiser.dispatches)} |
| with our shaders | ${whole(fused.step.dispatches)} | ${megabytes(fused.step)} | ${whole(fused.optimiser.dispatches)} |

That is ${share('dispatches')} of the dispatches and ${share('bytes')} of the bytes; AdamW has ${whole(parameterTensors)} tensors to update. Command: \`${command}\`.`;
}

function allSides({ machine, command, step, forward, optimiserShare, traceMs, ...figures }) {
  const row = (name, side) =>
    step[side] == null
      ? []
      : [
          `| ${name} | ${whole(step[side])} | ${times(step[side] / step.gmlp)} | ${whole(forward[side])} | ${times(
            forward[side] / forward.gmlp,
          )} |`,
        ];
  const pytorch = machine.pytorch === undefined ? '' : `, PyTorch ${machine.pytorch}`;
  return `### ${nameOf({ machine, ...figures })}

${machine.platform}, Node ${machine.node}${pytorch}. Command: \`${command}\`.

| side | step, ms | over gmlp | forward, ms | over gmlp |
|---|--:|--:|--:|--:|
${[
  row('gmlp on `ort-cpu`', 'gmlp'),
  row('PyTorch, eager, 2 threads', 'pytorch'),
  row('gmlp on `tfjs-wasm`', 'gmlpOnWasm'),
  row('plain TensorFlow.js on wasm', 'tfjsWasm'),
]
  .flat()
  .join('\n')}

The optimiser takes ${(100 * optimiserShare).toFixed(1)} % of a step. Tracing the loss and gradients of 36 such blocks and creating the session
takes ${whole(traceMs)} ms, once.`;
}

function pageOf(machines) {
  return `# Performance

One training step and one forward of six gMLP-S blocks (256 channels, 1,536 inside of the block, 196 tokens, batch 8), the same
weights on every side. A step is forward, loss, all gradients and AdamW. The sides must agree on logits and losses before
anything is timed; then they take turns, and the medians count.

## gmlp beside PyTorch, on every machine

gmlp runs on \`ort-cpu\`, PyTorch eagerly on as many threads; in each pair gmlp stands first. "Product alone" is each side's rate for one product of
matrices, the first of a block. Most of a step is such products, so the ratio of the times follows that of the rates, and these
depend on the processor, on each library's build for it, and on who else uses the machine.

${besidePytorch(machines)}

Read the smallest ratio as what a machine that you do not know will give. Peak memory is that of a process that takes five steps
and does nothing else.

## Every side

"over gmlp" is a side's time divided by that of gmlp on \`ort-cpu\`.

${machines
  .filter(({ step }) => step.tfjsWasm != null)
  .map(allSides)
  .join('\n\n')}

## What the figures do not say

- They are of one model, on machines without a GPU. On a GPU, use what runs there (see [why gmlp, and when not](./why.md)).
- PyTorch runs eagerly, as most people run it on a CPU.
- The two wasm sides use one thread: TensorFlow.js has no threads for wasm in Node.
- A virtual machine's speed drifts. Run it more than once and compare the ratios, not the milliseconds.

## In a browser

${inBrowser()}

## On a GPU

${onGpu()}

## Measure it yourself

In a clone of the repository:

\`\`\`sh
pnpm bench step
\`\`\`

\`GMLP_PYTHON\` names a Python that has torch; without it PyTorch is left out. Two more benches print their own tables:
\`pnpm bench memory\` takes 200 steps and shows whether memory stays flat, \`pnpm bench passes\` shows what each of the compiler's
graph passes is worth.

This page is made from \`docs/measurements\`; each machine has a file under \`step\`. To add yours, and to measure the others anew:

\`\`\`sh
pnpm -s bench step --json > docs/measurements/step/my-machine.json
pnpm -s bench dispatches --json > docs/measurements/dispatches.json
pnpm -s bench browser --json > docs/measurements/browser.json
\`\`\`
`;
}
