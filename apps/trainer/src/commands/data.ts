import { formatNumber } from '@gmlp/base';
import type { BadSample, ImageSource } from '@gmlp/vision';
import type { ImageSourceDescription, InspectedImages } from '@gmlp/vision/node';
import type { Command } from 'commander';
import { formatTable } from '../format-table.ts';
import type { Io } from '../io.ts';
import { addDataPack } from './data-pack.ts';
import { addDataTokenizer } from './data-tokenizer.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly sample?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** `gmlp data`: what there is to train on. */
export function addData(program: Command, io: Io): void {
  const data = program.command('data').description('look at data, and prepare them, before something is trained on them');
  addDataTokenizer(data, io);
  addDataPack(data, io);
  data
    .command('inspect')
    .description('count the images of each class, measure them, and list those that cannot be decoded')
    .argument(
      '<source>',
      'a folder with a folder for each class, tars, parquet files, CIFAR’s batches, an address; or a description in JSON, {"format": …, "path": …}',
    )
    .option('--sample <number>', 'decode so many images, evenly spread, instead of all', wholeNumber(1))
    .option('--out <file>', 'write a contact sheet, a PNG of some images of each class')
    .option('--json', 'print JSON')
    .action(async (given: string, { sample, out, json = false }: Flags) => {
      const [{ inspectImages }, { progressLine }, { imageDescription, openDescribed }] = await Promise.all([
        import('@gmlp/vision/node'),
        import('@gmlp/training/node'),
        import('../data/image-description.ts'),
      ]);
      const progress = progressLine({ stream: io.stderr });
      const unusable: BadSample[] = [];
      const description = await imageDescription(given, io.signal);
      const source = await openDescribed(description, given, {
        onBad: (bad) => unusable.length < mostListed && unusable.push(bad),
        onProgress: ({ samples }) => progress.update(`${formatNumber(samples)} images found`),
        signal: io.signal,
      });
      try {
        const inspected = await inspectImages(source, {
          sample,
          signal: io.signal,
          onImage: (done, of) => progress.update(`${formatNumber(done)} of ${formatNumber(of)} images decoded`),
        });
        if (out !== undefined) {
          const { writeClassSheet } = await import('../data/class-sheet.ts');
          await writeClassSheet(source, out, io);
        }
        progress.clear();
        io.stdout.write(
          json ? inJson(description, source, inspected, unusable) : inWords(description, source, inspected, unusable),
        );
        if (out !== undefined) io.stderr.write(`wrote ${out}\n`);
      } finally {
        progress.clear();
        await source.close();
      }
    });
}

/** Of what cannot be used; all are counted. */
const mostListed = 1000;
const mostPrinted = 20;
const mostClasses = 50;

function inJson(
  description: ImageSourceDescription,
  { skipped }: ImageSource,
  { bad, ...inspected }: InspectedImages,
  unusable: readonly BadSample[],
): string {
  const problems = { unusable: { counts: Object.fromEntries(skipped), list: unusable }, undecodable: bad };
  return `${JSON.stringify({ source: description, ...inspected, ...problems }, null, 2)}\n`;
}

function inWords(
  { format, path }: ImageSourceDescription,
  { skipped }: ImageSource,
  { count, classes, looked, width, height, kinds, bad }: InspectedImages,
  unusable: readonly BadSample[],
): string {
  const where = typeof path === 'string' ? path : path.join(', ');
  const range = (size: InspectedImages['width']): string =>
    size === undefined ? 'none was decoded' : `${size.least} to ${size.most}, the median ${size.median}`;
  const kindsInWords = Object.entries(kinds).map(([kind, times]) => `${formatNumber(times)} ${kind}`);
  const fewest = classes.length <= mostClasses ? classes : classes.toSorted((a, b) => a.count - b.count).slice(0, mostClasses);
  return [
    `${where}: ${formatNumber(count)} images in ${formatNumber(classes.length)} classes (${format})`,
    `decoded  ${looked === count ? 'all' : formatNumber(looked)}: ${kindsInWords.join(', ') || 'none'}`,
    `width    ${range(width)}`,
    `height   ${range(height)}`,
    ...problems('cannot be used', skipped, unusable),
    ...problems('cannot be decoded', new Map(Object.entries(bad.counts)), bad.list),
    '',
    formatTable(
      ['class', 'images'],
      fewest.map(({ id, name, count: own }) => [id === name ? id : `${id} ${name}`, own]),
    ),
    ...(fewest === classes ? [] : [`the ${mostClasses} classes with the fewest images; --json lists all`]),
    '',
  ].join('\n');
}

function problems(what: string, counts: ReadonlyMap<string, number>, list: readonly BadSample[]): string[] {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (all === 0) return [];
  const shown = list.slice(0, mostPrinted);
  return [
    `${formatNumber(all)} ${what}:`,
    ...shown.map(({ file, key, reason, detail }) => `  ${file}${key === '' ? '' : `, ${key}`}: ${reason} (${detail})`),
    ...(all > shown.length ? [`  and ${formatNumber(all - shown.length)} more`] : []),
  ];
}
