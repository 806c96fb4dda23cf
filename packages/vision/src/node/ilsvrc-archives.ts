/**
 * The archives of ILSVRC2012 as they are distributed, read in place: for training a tar of tars, one a class, named after its
 * WordNet id; for validation a flat tar, whose labels are in the development kit. The label of a class is the place of its WordNet
 * id among all of them, sorted, and not the number that the kit gives it.
 */
import { GmlpError } from '@gmlp/base';
import type { Devkit } from './devkit.ts';
import { expectSome, type IndexContext, indexRun } from './index-context.ts';
import type { BuiltIndex } from './stored-index.ts';

const trainingExpected = 'ILSVRC2012_img_train.tar, which holds a tar a class (n01440764.tar, …)';
const validationExpected = 'ILSVRC2012_img_val.tar, which holds ILSVRC2012_val_00000001.JPEG and so on';

export async function indexTraining(context: IndexContext): Promise<BuiltIndex> {
  const run = indexRun(context);
  await context.pool.use(0, async (bytes) => {
    for await (const { path, kind, offset, size } of run.entries(bytes)) {
      const [, classId] = /(?:^|\/)(n\d{8})\.tar$/.exec(path) ?? [];
      if (kind === 'folder') continue;
      if (classId !== undefined) context.labels.numberOf(classId); // one whose images are all bad keeps its place
      if (classId === undefined || kind !== 'file') {
        run.report(0, { path, offset }, 'unknown class', `expected the tar of a class, as n01440764.tar`);
        continue;
      }
      let images = 0;
      for await (const entry of run.entries(bytes, { start: offset, end: offset + size })) {
        if (entry.kind === 'folder') continue;
        const [, named] = /^(?:.*\/)?(n\d{8})_[^/]*\.jpe?g$/i.exec(entry.path) ?? [];
        if (named === classId) run.add(0, entry, classId);
        else run.report(0, entry, 'unknown class', `it is in ${path}, whose images are called ${classId}_….JPEG`);
        images++;
      }
      if (images === 0) run.report(0, { path, offset }, 'no image', 'the tar of a class without an image');
    }
  });
  return expectSome(run.finish(), context.pool.names, trainingExpected);
}

export async function indexValidation(context: IndexContext, devkit: Devkit): Promise<BuiltIndex> {
  const run = indexRun(context);
  const unseen = new Set(devkit.groundTruth.keys());
  for (const { id } of devkit.classes) context.labels.numberOf(id);
  await context.pool.use(0, async (bytes) => {
    for await (const entry of run.entries(bytes)) {
      if (entry.kind === 'folder') continue;
      const [, digits] = /^(?:.*\/)?ILSVRC2012_val_(\d{8})\.jpe?g$/i.exec(entry.path) ?? [];
      const wnid = devkit.groundTruth[Number(digits) - 1];
      if (digits === undefined) run.report(0, entry, 'no label', 'expected a name as ILSVRC2012_val_00000001.JPEG');
      else if (wnid === undefined)
        run.report(
          0,
          entry,
          'no label',
          `the ground truth of ${devkit.path} has ${devkit.groundTruth.length} lines, and none for it`,
        );
      else run.add(0, entry, wnid);
      unseen.delete(Number(digits) - 1);
    }
  });
  const built = expectSome(run.finish(), context.pool.names, validationExpected);
  const [first] = unseen;
  if (first !== undefined) {
    const name = `ILSVRC2012_val_${String(first + 1).padStart(8, '0')}.JPEG`;
    run.report(
      0,
      { offset: 0, path: name },
      'no image',
      `${unseen.size} of ${devkit.groundTruth.length} images of the ground truth are not in it`,
    );
  }
  return built;
}

/** Kept from being a silent surprise: the archive of training images given as that of validation, or the other way round. */
export function expectOneArchive(paths: readonly string[], format: string): void {
  if (paths.length === 1) return;
  throw new GmlpError('invalid-argument', `openImageSource: ${format} is one archive, got ${paths.length} paths`, { paths });
}
