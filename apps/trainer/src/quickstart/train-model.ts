/** Trains the model of a quickstart and measures it: perplexities, curve, final parameters, masks filled in. */
import { type HostArray, type Key, split } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { countParameters, inference, initialValues } from '@gmlp/layers';
import { createModel, type GmlpLanguageConfig, type MaskedLanguageBatch } from '@gmlp/models';
import type { AdamWState } from '@gmlp/ops';
import {
  countPieces,
  encodeSentences,
  type FilledMask,
  ignoredLabel,
  likeliest,
  type MaskedBatch,
  maskOptions,
  trainingBatches,
  unigramPerplexity,
  validationBatches,
} from '@gmlp/text';
import {
  adamwOptimiser,
  alone,
  disposeTree,
  type Figures,
  formatMetrics,
  formatNumber,
  hostBatches,
  linearWarmup,
  type TrainingState,
  train,
  trainingStep,
} from '@gmlp/training';
import type { MetricsFile, ProgressLine } from '@gmlp/training/node';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CurvePoint } from '../report/loss-curve.ts';
import { evaluationRecord, metricsRecord } from '../run/metrics-records.ts';
import { languageObjective } from '../tasks/text/language-objective.ts';
import type { HostParameters, Parameters } from '../tasks/text/masked-language-task.ts';
import type { PreparedText } from '../tasks/text/prepare-text.ts';
import { stageProgress } from '../tasks/text/stage-progress.ts';
import type { QuickstartSettings } from './settings.ts';

export interface TrainedModel {
  readonly config: GmlpLanguageConfig;
  readonly params: HostParameters;
  readonly parameters: number;
  readonly valPerplexity: number;
  readonly unigramPerplexity: number;
  readonly maskedTokens: number;
  readonly curve: { readonly training: readonly CurvePoint[]; readonly validation: readonly CurvePoint[] };
  readonly filled: readonly FilledMask[];
}

export interface TrainModelOptions {
  readonly device: Device;
  readonly text: PreparedText;
  readonly metrics: MetricsFile;
  readonly key: Key;
  readonly progress: ProgressLine;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const recordEvery = 10;
const evaluationBatch = 32;

export async function trainModel(settings: QuickstartSettings, options: TrainModelOptions): Promise<TrainedModel> {
  const { steps, batchSize, peakRate, warmupSteps, weightDecay, evaluations, sentences } = settings;
  const { device, text, metrics, key, progress, now, signal } = options;
  const { tokenizer } = text;
  const { config, module: model } = createModel({ ...settings.model, vocabulary: tokenizer.vocabularySize });
  const parameters = countParameters(model.spec);
  const questions = encodeSentences(sentences, tokenizer, config.tokens);
  progress.print(`model: ${config.layers} gMLP blocks, ${formatNumber(parameters)} parameters, on ${device.name}`);

  const mask = maskOptions(tokenizer, settings.maskRate);
  const validation: MaskedBatch[] = [];
  for await (const batch of validationBatches(text.validation, evaluationBatch, split(key, 'validation'), mask)) {
    validation.push(batch);
  }
  const objective = languageObjective(model);
  const step = trainingStep<Parameters, AdamWState<Parameters>, MaskedLanguageBatch>(device, {
    loss: objective.loss,
    optimiser: adamwOptimiser<Parameters>(model.spec, { weightDecay, epsilon: 1e-6 }),
  });
  const evaluator = objective.evaluator(device, alone);
  const scores = device.compile((params: Parameters, ids: Tensor, positions: Tensor) =>
    model.apply(params, { ids, positions }, inference),
  );

  const params = device.put(initialValues(model.spec, split(key, 'initial'))) as unknown as Parameters;
  const state: TrainingState<Parameters, AdamWState<Parameters>> = {
    params,
    optimiser: await step.initialState(params),
    step: 0,
  };
  const curve = { training: [] as CurvePoint[], validation: [] as CurvePoint[] };
  const measure = async (): Promise<Figures> => {
    const report = stageProgress(progress, 'validation, batches', now);
    const figures = await evaluator.measure(state.params, hostBatches(validation, tokensIn), {
      signal,
      onBatch: (done) => report(done, validation.length),
    });
    curve.validation.push({ step: state.step, loss: figures['loss']! });
    progress.print(`step ${formatNumber(state.step)}: validation perplexity ${formatNumber(figures['perplexity']!)}`);
    await metrics.write(evaluationRecord({ step: state.step, figures }));
    return figures;
  };

  try {
    let measured = 0;
    const records = train<Parameters, AdamWState<Parameters>, MaskedLanguageBatch>({
      device,
      step,
      state,
      batches: hostBatches(trainingBatches(text.training, batchSize, split(key, 'batches'), mask), tokensIn),
      figures: objective.figures,
      schedule: linearWarmup({ peak: peakRate, warmupSteps: Math.min(warmupSteps, steps), steps }),
      steps,
      key: split(key, 'steps'),
      every: recordEvery,
      signal,
      now,
    });
    for await (const record of records) {
      progress.update(formatMetrics(record, { steps, unit: 'tokens' }));
      curve.training.push({ step: record.step, loss: record.loss });
      await metrics.write(metricsRecord(record));
      const due = Math.floor((record.step / steps) * evaluations);
      if (due > measured && record.step < steps) {
        measured = due;
        await measure();
      }
    }
    const valPerplexity = (await measure())['perplexity']!;
    const unigram = unigramPerplexity(await countPieces(text.training, mask.specialIds), labelsOf(validation));
    return {
      config,
      params: (await device.read(state.params)) as HostParameters,
      parameters,
      valPerplexity,
      unigramPerplexity: unigram,
      maskedTokens: [...labelsOf(validation)].filter((label) => label !== ignoredLabel).length,
      curve,
      filled: likeliest(await answer(questions), tokenizer, sentences),
    };
  } finally {
    disposeTree(state.params);
    disposeTree(state.optimiser);
  }

  async function answer(asked: { readonly ids: HostArray; readonly positions: HostArray }): Promise<HostArray> {
    const { ids, positions } = device.put(asked) as { ids: Tensor; positions: Tensor };
    const logits = await scores(state.params, ids, positions);
    const values = (await device.read(logits)) as HostArray;
    disposeTree([ids, positions, logits]);
    return values;
  }
}

const tokensIn = ({ ids }: MaskedBatch): number => ids.data.length;

function* labelsOf(batches: readonly { readonly labels: HostArray }[]): Generator<number> {
  for (const { labels } of batches) yield* labels.data;
}
