/** The parameters of a trained model of language, for a model whose body has its config, with a head that reads texts: at its length, or made to read another. */
import { GmlpError } from '@gmlp/base';
import { changeSequenceLength, familyOf, type ModelConfig, type PretrainedModel } from '@gmlp/models';

export function beginningWith(trained: PretrainedModel, config: ModelConfig): unknown {
  const { tokens } = familyOf(config).facts(config);
  if (trained.config.family === 'sequence-classification' || trained.config.family === 'extractive-span') {
    const { tokens: known } = trained.config.body;
    if (known === tokens) return trained.params;
    throw new GmlpError(
      'invalid-argument',
      `they are of a model that was fine-tuned on ${known} tokens, the model reads ${tokens}: begin with the model that it was trained from`,
    );
  }
  const body = bodyOf(trained);
  if (body === undefined) {
    throw new GmlpError(
      'invalid-argument',
      `they are of a ${trained.config.family}, the model has a body of the family ${familyOfBody(config)}`,
    );
  }
  return body.config.tokens === tokens ? body.params : body.at(tokens);
}

const familyOfBody = (config: ModelConfig): string => ('body' in config ? config.body.family : config.family);

function bodyOf(trained: PretrainedModel) {
  switch (trained.config.family) {
    case 'bert': {
      const model = trained as PretrainedModel<'bert'>;
      return { ...model, at: (tokens: number): unknown => changeSequenceLength(model, tokens).params };
    }
    case 'gmlp-language': {
      const model = trained as PretrainedModel<'gmlp-language'>;
      return { ...model, at: (tokens: number): unknown => changeSequenceLength(model, tokens).params };
    }
    case 'text-features': {
      const { config, params } = trained as PretrainedModel<'text-features'>;
      return { config: config.body, params, at: (): unknown => params };
    }
    default:
      return undefined;
  }
}
