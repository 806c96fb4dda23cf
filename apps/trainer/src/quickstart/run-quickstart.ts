/**
 * From plain text to a trained model and a report, in one straight line:
 * addresses -> tokenizer -> packed tokens -> masked batches -> training -> validation -> masks filled in -> files.
 */
import { rm } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { GmlpError, type HostArray, key } from '@gmlp/base';
import { writeFileAtomically, writeModelDirectory } from '@gmlp/checkpoint/node';
import type { Device, DeviceName } from '@gmlp/devices';
import { openDevice } from '@gmlp/devices/node';
import { spatialFilter, toNamed } from '@gmlp/layers';
import type { FilledMask } from '@gmlp/text';
import { formatNumber } from '@gmlp/training';
import { openMetricsFile, progressLine } from '@gmlp/training/node';
import type { Io } from '../io.ts';
import { renderReport } from '../report/report.ts';
import { type PreparedText, prepareText } from '../tasks/text/prepare-text.ts';
import { openRunFolder } from './run-folder.ts';
import type { QuickstartSettings } from './settings.ts';
import { type TrainedModel, trainModel } from './train-model.ts';

export interface QuickstartOptions {
  readonly out: string;
  readonly device?: DeviceName;
  /** A folder of plain text; the State of the Union addresses by default. */
  readonly source?: string;
}

export interface QuickstartResult {
  readonly valPerplexity: number;
  readonly unigramPerplexity: number;
  /** From the start of the command to the report on disk. */
  readonly seconds: number;
  readonly parameters: number;
  readonly filled: readonly FilledMask[];
}

/** What its folder holds in the end, and what other commands add to it. */
const written: readonly string[] = [
  ...['config.json', 'model.safetensors', 'tokenizer.json', 'metrics.jsonl', 'report.html'],
  ...['inspect.html', 'model.onnx', 'model.onnx.data'],
];

export async function runQuickstart(
  settings: QuickstartSettings,
  { out, device: deviceName = 'ort-cpu', source }: QuickstartOptions,
  { stderr, signal, now }: Pick<Io, 'stderr' | 'signal' | 'now'>,
): Promise<QuickstartResult> {
  const progress = progressLine({ stream: stderr });
  const stopIfAborted = (): void => {
    if (signal.aborted) throw new GmlpError('aborted', 'quickstart: stopped; nothing was written', {}, { cause: signal.reason });
  };
  const folder = await openRunFolder(out, written);
  const textFolder = join(folder.path, 'text');
  // What is open is closed in reverse order, whatever happens.
  const closers: (() => Promise<void>)[] = [folder.discard, async () => progress.clear()];
  try {
    const root = key(settings.seed);
    const { heldOut, vocabulary, model } = settings;
    const text = await prepareText(
      {
        ...(source === undefined ? { source: 'sotu' } : { source: 'text', path: source }),
        heldOut,
        vocabulary,
        tokens: model.tokens,
      },
      { folder: textFolder, seed: settings.seed, progress, now, stopIfAborted },
    );
    closers.push(text.close);
    const device = await openDevice(deviceName);
    closers.push(() => device.dispose());
    const metrics = await openMetricsFile(join(folder.path, 'metrics.jsonl'));
    closers.push(() => metrics.close());

    const trained = await trainModel(settings, { device, text, metrics, key: root, progress, now, signal });
    const { valPerplexity, unigramPerplexity, parameters, filled } = trained;
    stopIfAborted();
    await text.close();
    await rm(textFolder, { recursive: true });
    await writeModelDirectory(folder.path, {
      config: trained.config,
      tensors: toNamed<HostArray>(trained.params),
      tokenizer: text.tokenizerFile,
    });
    await writeFileAtomically(join(folder.path, 'report.html'), reportOf(settings, text, trained, device, now()));
    const seconds = Math.round(now() * 10) / 10;
    await metrics.write({ valPerplexity, unigramPerplexity, seconds });
    stopIfAborted();
    await folder.commit();
    return { valPerplexity, unigramPerplexity, seconds, parameters, filled };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function reportOf(
  settings: QuickstartSettings,
  text: PreparedText,
  trained: TrainedModel,
  device: Device,
  seconds: number,
): string {
  const { config, parameters, params, valPerplexity, unigramPerplexity, curve, filled } = trained;
  const { seed, steps, batchSize, peakRate, warmupSteps, weightDecay, maskRate } = settings;
  const tokens = text.training.count * config.tokens;
  return renderReport({
    title: 'gMLP quickstart',
    description:
      'A gMLP trained from nothing by masked language modelling on the State of the Union addresses, and measured on addresses that it never saw.',
    valPerplexity,
    unigramPerplexity,
    seconds,
    parameters,
    curve,
    filters: params.blocks.map(({ gate }) => spatialFilter(gate.spatial.weight, config.tokens)),
    filled,
    settings: [
      ['blocks', String(config.layers)],
      ['channels (d_model)', String(config.channels)],
      ['hidden channels (d_ffn)', String(config.hiddenChannels)],
      ['tokens in a sequence', String(config.tokens)],
      ['spatial weight', config.spatialWeight],
      ['output tied to the embedding', config.head.tied ? 'yes' : 'no'],
      ['vocabulary', `${formatNumber(config.vocabulary)} pieces, trained on the same text`],
      ['training text', `${text.documents.training} addresses, ${formatNumber(tokens)} tokens`],
      ['held out', `${text.documents.validation} addresses, ${formatNumber(trained.maskedTokens)} masked tokens`],
      ['masking', `${formatNumber(100 * maskRate)} % of the tokens: 80 % mask, 10 % random piece, 10 % kept`],
      ['steps', formatNumber(steps)],
      ['batch', `${batchSize} sequences, ${formatNumber(batchSize * config.tokens)} tokens`],
      ['optimiser', `AdamW, weight decay ${weightDecay}, epsilon 1e-6`],
      [
        'learning rate',
        `${peakRate} at most, ${formatNumber(Math.min(warmupSteps, steps))} steps of warm-up, then linear to zero`,
      ],
      ['seed', String(seed)],
    ],
    machine: [
      ['device', device.name],
      ['CPU', cpus()[0]?.model.trim() ?? 'unknown'],
      ['cores', String(availableParallelism())],
      ['Node', `${process.version}, ${platform()} ${arch()}`],
    ],
  });
}
