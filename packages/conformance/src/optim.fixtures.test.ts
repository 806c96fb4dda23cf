import { type HostArray, hostArray } from '@gmlp/base';
import type { Device } from '@gmlp/devices/node';
import { adamw, adamwInit, clipByGlobalNorm, lion, lionInit, sgd, sgdInit } from '@gmlp/ops';
import { expectClose, type Fixture, fixture } from '@gmlp/testing';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { onEveryDevice } from './on-every-device.ts';

type Params = { readonly w: Tensor };

interface Optimiser<S> {
  readonly init: (params: Params) => S;
  readonly update: (params: Params, state: S, gradients: Params, rate: Scalar) => { params: Params; state: S };
}

/** Step `index` of an array [steps, ...]. */
function at(steps: HostArray, index: number): HostArray<'float32'> {
  const shape = steps.shape.slice(1);
  const size = steps.data.length / steps.shape[0]!;
  return hostArray('float32', shape, (steps.data as Float32Array).slice(index * size, (index + 1) * size));
}

/** Twelve compiled steps with the given gradients, params and state donated each time, against the golden parameters. */
async function followsGolden<S>(
  device: Device,
  set: Pick<Fixture, 'get'>,
  name: string,
  { init, update }: Optimiser<S>,
): Promise<void> {
  const step = device.compile(update, { donate: [0, 1] });
  let params = device.put({ w: set.get('p0') }) as Params;
  let state = (await device.compile(init)(params)) as S;
  const rate = device.put<Scalar>(hostArray('float32', [], Float32Array.of(1e-2)));
  for (let index = 0; index < 12; index++) {
    const gradients = device.put({ w: at(set.get('grads'), index) }) as Params;
    ({ params, state } = await step(params, state, gradients, rate));
    const { w } = await device.read(params);
    expectClose(w, at(set.get(name), index), { name: `${name} step ${index}` });
    tf.dispose(gradients);
  }
  tf.dispose([params, state as unknown as tf.TensorContainer, rate]);
}

const options = { beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.05 };
const clippedOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

onEveryDevice('adamw: the golden parameters after each of twelve steps', (device) =>
  followsGolden(device, fixture('optim'), 'adamw', {
    init: adamwInit<Params>,
    update: (params, state, gradients, rate) => adamw(params, state, gradients, rate, options),
  }),
);

onEveryDevice('adamw of clipped gradients: the golden parameters after each of twelve steps', (device) =>
  followsGolden(device, fixture('optim'), 'adamw_clip1', {
    init: adamwInit<Params>,
    update: (params, state, gradients, rate) =>
      adamw(params, state, clipByGlobalNorm(gradients, 1).gradients, rate, clippedOptions),
  }),
);

onEveryDevice('sgd with momentum: the golden parameters after each of twelve steps', (device) =>
  followsGolden(device, fixture('optim'), 'sgd_momentum', {
    init: sgdInit<Params>,
    update: (params, state, gradients, rate) => sgd(params, state, gradients, rate, { momentum: 0.9 }),
  }),
);

onEveryDevice('lion: the golden parameters after each of twelve steps', (device) => {
  const set = fixture('timm-lion');
  const get = (name: string): HostArray => set.get(name === 'lion' ? 'out.lion' : `in.${name}`);
  return followsGolden(device, { get }, 'lion', {
    init: lionInit<Params>,
    update: (params, state, gradients, rate) =>
      lion(params, state, gradients, rate, { beta1: 0.9, beta2: 0.98, weightDecay: 0.05 }),
  });
});
