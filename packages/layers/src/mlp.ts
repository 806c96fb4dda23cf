/**
 * Two dense maps of the channels around an activation, GELU unless told otherwise: y = contract(gelu(expand(x))).
 *
 *   x [..., channels] -> hidden [..., hiddenChannels] -> y [..., channels]
 */
import { type Activation, activate } from './activation.ts';
import { type DenseParameters, dense } from './dense.ts';
import type { Initialiser } from './initialisers.ts';
import type { Layer } from './module.ts';

export type MlpParameters = { readonly expand: DenseParameters; readonly contract: DenseParameters };

export interface MlpOptions {
  readonly channels: number;
  readonly hiddenChannels: number;
  readonly activation?: Activation;
  /** How both weights start; biases start as zero. */
  readonly initialiser?: Initialiser;
}

export function mlp({ channels, hiddenChannels, activation = 'erf', initialiser }: MlpOptions): Layer<MlpParameters> {
  const start = initialiser && { initialiser };
  const expand = dense({ inputs: channels, outputs: hiddenChannels, ...start });
  const contract = dense({ inputs: hiddenChannels, outputs: channels, ...start });
  return {
    spec: { expand: expand.spec, contract: contract.spec },
    apply: (params, x) => contract.apply(params.contract, activate(expand.apply(params.expand, x), activation)),
  };
}
