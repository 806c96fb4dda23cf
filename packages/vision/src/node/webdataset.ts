/**
 * WebDataset's shards: tars in which files of one name but for their ends, one after another, are a sample: `0001.jpg` with
 * `0001.cls`, a number, or with `0001.json`, which holds one.
 */
import { isImagePart, webDatasetName } from '../webdataset-key.ts';
import { expectSome, type IndexContext, type IndexRun, indexRun } from './index-context.ts';
import type { BuiltIndex } from './stored-index.ts';
import type { TarEntry } from './tar-entries.ts';

interface OpenSample {
  readonly key: string;
  readonly offset: number;
  readonly parts: Set<string>;
  image: TarEntry | undefined;
  label: string | undefined;
  problem: string | undefined;
}

/** `labelField`: where in the JSON the label is. */
export async function indexWebDataset(context: IndexContext, labelField: string): Promise<BuiltIndex> {
  const run = indexRun(context);
  for (let file = 0; file < context.pool.names.length; file++) {
    await context.pool.use(file, async (bytes) => {
      let sample: OpenSample | undefined;
      for await (const entry of run.entries(bytes)) {
        const name = entry.kind === 'folder' ? undefined : webDatasetName(entry.path);
        if (name === undefined) continue;
        if (sample?.key !== name.key) {
          close(run, file, sample);
          sample = {
            key: name.key,
            offset: entry.offset,
            parts: new Set(),
            image: undefined,
            label: undefined,
            problem: undefined,
          };
        }
        await take(sample, name.part, entry, labelField);
      }
      close(run, file, sample);
    });
  }
  return expectSome(run.finish(), context.pool.names, 'samples of a .jpg, .jpeg, .png or .webp and a .cls or .json');
}

const mostLabelBytes = 2 ** 20;

async function take(sample: OpenSample, part: string, entry: TarEntry, labelField: string): Promise<void> {
  if (sample.parts.has(part)) sample.problem ??= `it has two parts .${part}`;
  sample.parts.add(part);
  if (isImagePart(part)) {
    if (sample.image !== undefined) sample.problem ??= `it has two images, .${part} is the second`;
    sample.image = entry;
  } else if (part === 'cls' || (part === 'json' && sample.label === undefined)) {
    if (entry.size > mostLabelBytes) {
      sample.problem ??= `its .${part} has ${entry.size} bytes`;
      return;
    }
    const text = Buffer.from(await entry.content())
      .toString('utf8')
      .trim();
    const label = part === 'cls' ? text : labelInJson(text, labelField);
    if (label !== undefined) sample.label = label;
  }
}

function labelInJson(text: string, field: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(text) as Record<string, unknown> | null)?.[field];
    return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

function close(run: IndexRun, file: number, sample: OpenSample | undefined): void {
  if (sample === undefined) return;
  const { key: path, offset, image, label, problem, parts } = sample;
  const has = `it has ${[...parts].map((part) => `.${part}`).join(', ')}`;
  if (problem !== undefined) run.report(file, { path, offset }, 'duplicate', problem);
  else if (image === undefined) run.report(file, { path, offset }, 'no image', has);
  else if (label === undefined) run.report(file, { path, offset }, 'no label', `${has}, and no number of a class in them`);
  else run.add(file, image, label, path);
}
