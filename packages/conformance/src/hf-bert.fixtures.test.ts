/** BERT and its heads against Hugging Face: weights both ways, logits, loss and every gradient, on every device. */
import { type HostArray, hostArray, key } from '@gmlp/base';
import { disposeTree } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import {
  createModel,
  type HuggingFaceBertModel,
  huggingFaceBertOptions,
  type ModelOptions,
  type OptionsOf,
  readHuggingFaceBert,
  type TextInput,
  writeHuggingFaceBert,
} from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose, type Fixture, fixture } from '@gmlp/testing';
import { expect, it } from 'vitest';
import { beside } from './beside.ts';
import { meanGradients } from './mean-gradients.ts';
import { onEveryDevice } from './on-every-device.ts';

/** Labels as our models take them, and our logits as theirs. */
interface Task {
  labels(golden: Fixture): HostArray;
  outputs(golden: Fixture): HostArray;
}

const asTheyAre: Task = { labels: (golden) => golden.get('in.labels'), outputs: (golden) => golden.get('out.logits') };

const sets: Readonly<Record<string, Task>> = {
  'hf-bert-mlm': asTheyAre,
  'hf-bert-cls': asTheyAre,
  'hf-bert-qa': {
    labels: (golden) => beside(golden.get('in.start_positions'), golden.get('in.end_positions')),
    outputs: (golden) => beside(golden.get('out.start_logits'), golden.get('out.end_logits')),
  },
};

it('the body alone has the names of a BertModel, which lack the bert. in front', () => {
  const golden = fixture('hf-bert-cls');
  const theirs = new Map(
    [...golden.all('param.')].flatMap(([name, array]) =>
      name.startsWith('bert.') ? [[name.slice('bert.'.length), array] as const] : [],
    ),
  );
  const { ctor: _, ...config } = golden.config;
  const options = huggingFaceBertOptions({ ...config, architectures: ['BertModel'] }, { pooler: true });
  const model = createModel(options as OptionsOf<'text-features'>);
  expect(writeHuggingFaceBert(model.config, readHuggingFaceBert(model, theirs))).toEqual(theirs);
});

const maskOf = ({ shape, data }: HostArray): HostArray => hostArray('bool', shape, Uint8Array.from(data));

for (const [name, task] of Object.entries(sets)) {
  const golden = fixture(name);
  const theirs = golden.all('param.');
  const { ctor, ...config } = golden.config;
  const options = huggingFaceBertOptions(
    { ...config, architectures: [ctor] },
    { pooler: theirs.has('bert.pooler.dense.weight') },
  );
  // Each head has other parameters; here they are all trees.
  const model = createModel(options as ModelOptions) as unknown as HuggingFaceBertModel<object, TextInput>;

  it(`${name}: Hugging Face’s weights load strictly, and are written as they were`, () => {
    const written = writeHuggingFaceBert(model.config, readHuggingFaceBert(model, theirs));
    expect([...written.keys()].sort()).toEqual([...theirs.keys()].sort());
    for (const [weight, array] of theirs) expect(written.get(weight), weight).toEqual(array);
  });

  onEveryDevice(`${name}: gives Hugging Face’s logits, loss and gradients`, async (device) => {
    const params = device.put(readHuggingFaceBert(model, theirs) as object);
    const batch = device.put({
      text: {
        ids: golden.get('in.input_ids'),
        segments: golden.get('in.token_type_ids'),
        mask: maskOf(golden.get('in.attention_mask')),
      },
      labels: task.labels(golden),
    });
    const losses = (p: object, { text, labels }: typeof batch) =>
      softmaxCrossEntropy(model.module.apply(p, text, inference), labels);
    const result = await device.compile((p: object, b: typeof batch) => ({
      logits: model.module.apply(p, b.text, inference),
      ...meanGradients(losses, p, b, key(0)),
    }))(params, batch);
    const { logits, loss, gradients } = await device.read(result);
    expectAllClose(
      new Map<string, HostArray>([
        ['logits', logits],
        ['loss', hostArray('float32', golden.get('out.loss').shape, loss.data as Float32Array)],
      ]),
      new Map([
        ['logits', task.outputs(golden)],
        ['loss', golden.get('out.loss')],
      ]),
    );
    // Theirs has no gradients of tied copies.
    const written = [...writeHuggingFaceBert(model.config, gradients)].filter(([weight]) => !weight.includes('.decoder.'));
    expectAllClose(new Map(written), golden.all('grad.'), { kind: 'gradient' });
    disposeTree([params, batch, result]);
  });
}
