/** What masked language modelling trains, on the device and on the host. */
import type { HostArray, MapLeaves } from '@gmlp/base';
import type { GmlpMaskedLanguageParameters } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';

export type Parameters = GmlpMaskedLanguageParameters;

export type HostParameters = MapLeaves<Parameters, Tensor, HostArray>;
