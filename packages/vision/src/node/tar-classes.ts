/** Plain tars whose folders are the classes: `train/cat/0001.jpg` is a cat, whatever stands before the last folder. */
import { hasImageName } from '../image-kind.ts';
import { expectSome, type IndexContext, indexRun } from './index-context.ts';
import type { BuiltIndex } from './stored-index.ts';

/** `under`: only what lies in this folder of the tar. */
export async function indexTarClasses(context: IndexContext, under: string | undefined): Promise<BuiltIndex> {
  const run = indexRun(context);
  const prefix = under === undefined ? '' : `${under.replace(/^\.\/|\/+$/g, '')}/`;
  const folders = new Map<string, { readonly file: number; readonly offset: number }>();
  const inhabited = new Set<string>();
  for (let file = 0; file < context.pool.names.length; file++) {
    await context.pool.use(file, async (bytes) => {
      for await (const entry of run.entries(bytes)) {
        const path = entry.path.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
        if (!`${path}/`.startsWith(prefix) || path === '' || /(^|\/)\.[^/]*$/.test(path)) continue;
        const [, folder, classId] = /^((?:.*\/)?([^/]+))\/[^/]+$/s.exec(path) ?? [];
        if (folder !== undefined) for (const each of foldersAbove(path)) if (each !== folder) inhabited.add(each);
        if (entry.kind === 'folder') {
          if (`${path}/` !== prefix) folders.set(path, { file, offset: entry.offset });
          if (folder !== undefined) inhabited.add(folder);
        } else if (hasImageName(path)) {
          if (folder !== undefined) inhabited.add(folder);
          if (classId === undefined || `${folder}/`.length < prefix.length || `${folder}/` === prefix)
            run.report(
              file,
              { ...entry, path },
              'no label',
              `it lies in no folder of a class; expected ${prefix}<class>/<image>`,
            );
          else run.add(file, entry, classId, path);
        }
      }
    });
  }
  for (const [path, { file, offset }] of folders) {
    if (inhabited.has(path)) continue;
    context.labels.numberOf(path.slice(path.lastIndexOf('/') + 1)); // the others keep the labels that they have with it
    run.report(file, { offset, path }, 'no image', 'the folder of a class without an image');
  }
  return expectSome(run.finish(), context.pool.names, `images as ${prefix}<class>/<image>.jpg`);
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}
