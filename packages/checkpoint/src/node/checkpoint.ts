/**
 * A training checkpoint is a folder `step-NNNNNN` in a folder of checkpoints. It is a model directory with more in it:
 *
 *   config.json, model.safetensors, tokenizer.json, preprocessing.json   the model, as `writeModelDirectory` writes it
 *   optimiser.safetensors, ema.safetensors           the optimiser's state; the averaged parameters, when they are kept
 *   state.json      { "format": "gmlp-checkpoint-state", "version": 1, "state": any JSON }
 *   manifest.json   what the folder holds, written last (manifest.ts)
 */
import type { HostArray } from '@gmlp/base';
import type { ModelTexts } from '../model-files.ts';
import type { JsonFormat } from '../versioned-json.ts';

/** All that a run needs to go on from a step. */
export interface Checkpoint<Config = unknown, State = unknown> extends ModelTexts {
  readonly step: number;
  /** The model's config, plain JSON. */
  readonly config: Config;
  /** Parameters by name. */
  readonly model: ReadonlyMap<string, HostArray>;
  /** The optimiser's state by name; empty for an optimiser that has none. */
  readonly optimiser: ReadonlyMap<string, HostArray>;
  /** The exponential moving average of the parameters. */
  readonly ema?: ReadonlyMap<string, HostArray>;
  /** Whatever else a run goes on from, plain JSON: random key, position in the data, history. */
  readonly state: State;
}

/** The names of the files that a model directory has not. */
export const checkpointFileNames = {
  optimiser: 'optimiser.safetensors',
  ema: 'ema.safetensors',
  state: 'state.json',
  manifest: 'manifest.json',
} as const;

export const stateFormat: JsonFormat = { format: 'gmlp-checkpoint-state', version: 1 };
