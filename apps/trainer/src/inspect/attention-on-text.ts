/** The attention maps of a saved model on a sentence; a model without tiny attention is refused. */
import { GmlpError } from '@gmlp/base';
import { type DeviceName, openDevice } from '@gmlp/devices/node';
import { familyOf } from '@gmlp/models';
import { loadLanguageModel } from '../saved-model/load-language-model.ts';
import { type AttentionMaps, attentionMaps } from './attention-maps.ts';
import type { InspectedModel } from './inspect-model.ts';

export async function attentionOnText(
  { directory, config }: InspectedModel,
  sentence: string,
  deviceName: DeviceName | 'auto',
): Promise<AttentionMaps> {
  if (familyOf(config).facts(config).attentionChannels === 0) {
    throw new GmlpError(
      'invalid-argument',
      `attentionOnText: expected an aMLP, whose gates have tiny attention; ${directory} holds a ${config.family} without it. Leave --text out`,
      { directory, family: config.family },
    );
  }
  const model = await loadLanguageModel(directory);
  const device = await openDevice(deviceName);
  try {
    return await attentionMaps(device, model, sentence);
  } finally {
    await device.dispose();
  }
}
