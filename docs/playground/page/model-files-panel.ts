/** The model as files: taken away, or brought back. */
import { h, type VNode } from 'vue';
import { modelFilesOf } from '../files/chosen-files.ts';
import { saveFile } from '../files/save-file.ts';
import { zipFiles } from '../files/zip.ts';
import { button, filePicker, section } from './elements.ts';
import type { Trainer } from './use-trainer.ts';

export function modelFilesPanel(trainer: Trainer, busy: boolean, onProblem: (message: string) => void): VNode {
  const { facts } = trainer.view.value;
  const tried = (work: () => Promise<void>) => (): void => {
    onProblem('');
    work().catch((error: Error) => onProblem(error.message));
  };
  return section(
    'pg-files',
    'Keep it, bring it back',
    facts &&
      h('div', { class: 'pg-buttons' }, [
        button(
          'Model directory (.zip)',
          tried(async () => {
            const { models } = trainer.view.value;
            saveFile('gmlp-model.zip', zipFiles(await trainer.ask('files', {})), 'application/zip');
            trainer.saved(models);
          }),
        ),
        button(
          'ONNX (.onnx)',
          tried(async () => saveFile('gmlp-model.onnx', await trainer.ask('onnx', {}), 'application/octet-stream')),
        ),
      ]),
    filePicker(
      'pg-load',
      'Load a model directory',
      'its zip, or config.json, model.safetensors and tokenizer.json together',
      (files) => {
        if (files.length > 0) tried(() => trainer.load(() => modelFilesOf(files)))();
      },
      { accept: '.zip,.json,.safetensors', disabled: busy || !trainer.device.value },
    ),
  );
}
