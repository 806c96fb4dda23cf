/**
 * Whether a text is still what it was when it was packed: by the sizes and dates of its files, and where these differ by what it
 * says; and whether the packed files still are, likewise. What was read once is remembered in text.json, so that new dates alone cost one reading.
 */
import { join } from 'node:path';
import { formatNumber, GmlpError, plainMessage } from '@gmlp/base';
import { fingerprintOf, fingerprintPacked } from '@gmlp/text/node';
import type { ProgressLine } from '@gmlp/training/node';
import type { SourceLook } from '../task.ts';
import { expectFingerprint } from './prepare-text.ts';
import { readTokenizerFile } from './read-tokenizer-file.ts';
import { packedFiles, sourceFiles } from './source-files.ts';
import { readTextMark, type TextMark, writeTextMark } from './text-mark.ts';
import type { TextSettings } from './text-settings.ts';
import { openTextSource } from './text-source.ts';

export interface LookOptions {
  readonly progress: ProgressLine;
  /** Called between two documents; throws to stop. */
  readonly stopIfAborted: () => void;
}

/** For a text that is prepared in a folder. Only who holds the run's lock may look: text.json may be written anew. */
export async function sourceChanges(settings: TextSettings, folder: string, options: LookOptions): Promise<SourceLook> {
  const found = await readTextMark(folder, settings);
  if (found === undefined) return { changes: [], notes: [] };
  const mark = await packedUnchanged(settings, folder, found, options);
  const looks = [await tokenizerLook(settings, mark), await textLook(settings, folder, mark, options)];
  return {
    changes: looks.flatMap(({ change }) => change ?? []),
    notes: looks.flatMap(({ note }) => note ?? []),
  };
}

/** Whether the packed files are those that were written: read through where their sizes or dates are others. */
async function packedUnchanged(
  settings: TextSettings,
  folder: string,
  mark: TextMark,
  { progress, stopIfAborted }: LookOptions,
): Promise<TextMark> {
  const packed = await packedFiles(folder);
  if (packed === undefined || packed === mark.packed) return mark;
  for (const part of ['validation', 'training'] as const) {
    const path = join(folder, `${part}.packed`);
    const found = await fingerprintPacked(path, ({ sequences, count }) => {
      stopIfAborted();
      progress.update(
        `${path} has another date than when it was written: ${formatNumber(sequences)} of ${formatNumber(count)} read`,
      );
    });
    expectFingerprint(path, found, mark.fingerprints[part]);
  }
  const looked = { ...mark, packed };
  await writeTextMark(folder, settings, looked);
  return looked;
}

interface Look {
  readonly change?: string;
  readonly note?: string;
}

async function tokenizerLook({ tokenizer }: TextSettings, { fingerprints }: TextMark): Promise<Look> {
  if (tokenizer === undefined) return {};
  try {
    const now = fingerprintOf(await readTokenizerFile(tokenizer));
    if (now === fingerprints.tokenizer) return {};
    return { change: `the tokenizer ${tokenizer} is another than the text was packed with (${shortly(now)})` };
  } catch (error) {
    return { note: gone(`the tokenizer ${tokenizer}`, error) };
  }
}

async function textLook(settings: TextSettings, folder: string, mark: TextMark, options: LookOptions): Promise<Look> {
  const { path, source } = settings;
  const what = path === undefined ? `the text of ${source}` : `the text ${path}`;
  let files: string | undefined;
  try {
    files = await sourceFiles(settings);
  } catch (error) {
    return { note: gone(what, error) };
  }
  if (files === undefined) return { note: gone(what, 'no file of it is there') };
  if (mark.looked?.files !== files) {
    const read = await sourceNow(settings, what, options);
    if ('problem' in read) return { change: `${what} cannot be read as when it was packed: ${read.problem}` };
    mark = { ...mark, looked: { files, source: read.fingerprint } };
    await writeTextMark(folder, settings, mark);
  }
  const now = mark.looked!.source;
  return now === mark.fingerprints.source ? {} : { change: `${what} was changed since it was packed (${shortly(now)})` };
}

async function sourceNow(
  settings: TextSettings,
  what: string,
  { progress, stopIfAborted }: LookOptions,
): Promise<{ readonly fingerprint: string } | { readonly problem: string }> {
  const counted = (documents: number): void => {
    stopIfAborted();
    progress.update(
      `${what} has files of other sizes or dates than when it was packed: ${formatNumber(documents)} documents read`,
    );
  };
  try {
    return await openTextSource(settings, counted);
  } catch (error) {
    if (!GmlpError.isInstance(error) || error.code === 'aborted') throw error;
    return { problem: plainMessage(error) };
  }
}

const shortly = (fingerprint: string): string => `its SHA-256 is now ${fingerprint.slice(0, 16)}…`;

function gone(what: string, why: unknown): string {
  const reason = typeof why === 'string' ? why : plainMessage(why);
  return `${what} cannot be looked at any more (${reason}): whether it changed is not known; training needs only the tokens that were packed`;
}
