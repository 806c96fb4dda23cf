/** The pages that run models, as a reader has them: the built site from a plain file server, in headless Chromium. */
import { hostArray } from '@gmlp/base';
import { decodeSafetensors } from '@gmlp/checkpoint';
import { openDevice } from '@gmlp/devices/node';
import { toNamed } from '@gmlp/layers';
import { loadModelFiles } from '@gmlp/models';
import { appearances, chromium, type LocalServer, openChromium, skippedWithoutChromium, softwareWebgpu } from '@gmlp/testing';
import { encodeSentences, type FilledMask, likeliest, loadTokenizer } from '@gmlp/text';
import { decodeImage, loadSharp } from '@gmlp/vision/node';
import ort from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putClassifier } from './classify/classifier.ts';
import { pngOf, smallClassifierFiles } from './classify/small-classifier.ts';
import { unzip } from './files/zip.ts';
import { serveFolder } from './serve-folder.ts';
import { buildTestSite } from './test-site/build-test-site.ts';
import { type Browser, continued, download, file, guesses, losses, phase, status, train } from './test-site/drive-trainer.ts';
import { developedTestSite, previewedTestSite } from './test-site/test-servers.ts';

const { InferenceSession, Tensor } = ort;

const name = `pages that run models ${chromium ? '' : skippedWithoutChromium}`;

describe.skipIf(!chromium)(name, () => {
  let site: LocalServer;
  let isolatedSite: LocalServer;
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await buildTestSite();
    site = await serveFolder(folder);
    isolatedSite = await serveFolder(folder, { isolated: true });
    browser = await openChromium();
  }, 480_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await isolatedSite?.close();
  });

  /** A page whose requests of WebAssembly or elsewhere, and whose errors, are kept. */
  async function open(path: string, { from = site, on = browser } = {}) {
    const page = await on.newPage();
    const elsewhere: string[] = [];
    const errors: string[] = [];
    const wasm: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && !url.startsWith(from.url)) elsewhere.push(url);
      if (url.endsWith('.wasm')) wasm.push(url);
    });
    page.on('pageerror', ({ message }) => errors.push(message));
    // Also of what no request event tells: the browser's own request of an icon.
    page.on('console', (said) => said.text().startsWith('Failed to load resource') && errors.push(said.text()));
    await page.goto(from.url + path);
    return { page, elsewhere, errors, wasm };
  }

  async function openTrainer(from = site) {
    const opened = await open('/playground.html', { from });
    await opened.page.getByText('Ready', { exact: true }).waitFor();
    return opened;
  }

  it.each(['/playground.html', '/classify.html'])('%s shows its devices, GPUs too, before it loads WebAssembly', async (path) => {
    const withGpu = await openChromium(softwareWebgpu);
    const { page, wasm } = await open(path, { on: withGpu });
    const works = page.getByRole('group', { name: 'Device' }).getByRole('radio', { disabled: false });
    await works.first().waitFor();
    const names = ['ort-webgpu', 'ort-wasm', 'tfjs-webgpu', 'tfjs-wasm', 'tfjs-cpu'];
    expect(await works.evaluateAll((radios) => radios.map((radio) => (radio as HTMLInputElement).value))).toEqual(names);
    expect(wasm).toEqual([]);
    await withGpu.close();
  });

  it('trains 20 steps on ort-wasm while the page stays free; what it learned is drawn, asked, taken away and brought back', async () => {
    const { page, elsewhere, errors } = await openTrainer();
    expect(await page.getByRole('radio', { name: /ort-wasm/ }).isChecked()).toBe(true);
    // Were the steps computed by the page's own thread, it could not draw more than a frame a step.
    await page.evaluate(() => {
      const counter = globalThis as { framesDrawn?: number };
      const count = (): void => {
        if (document.querySelector('[data-phase=training]')) counter.framesDrawn = (counter.framesDrawn ?? 0) + 1;
        requestAnimationFrame(count);
      };
      count();
    });
    const { first, last } = await train(page, 'gMLP', 20);
    expect(await page.evaluate(() => (globalThis as { framesDrawn?: number }).framesDrawn)).toBeGreaterThan(20);
    expect(first).toBeGreaterThan(7); // 2048 pieces: ln 2048 is 7.6
    expect(last).toBeLessThan(first - 0.5);

    const drawn = await page.locator('.pg-map canvas').evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const cell = (i: number, j: number): string =>
          data.slice(4 * (i * canvas.width + j), 4 * (i * canvas.width + j) + 4).join();
        return { size: canvas.width, toeplitz: cell(3, 9) === cell(40, 46), clear: data.every((byte) => byte === 0) };
      }),
    );
    expect(drawn).toEqual(Array(3).fill({ size: 64, toeplitz: true, clear: false }));

    const sentence = 'The people of the United [MASK].';
    const answers = await guesses(page, sentence);
    const zip = await download(page, /Model directory/);
    const files = unzip(zip);
    expect([...files.keys()]).toEqual(['model.safetensors', 'tokenizer.json', 'config.json']);
    const { module, params, config } = await loadModelFiles(files);
    expect(config).toMatchObject({ family: 'gmlp-language', tokens: 64, layers: 3 });
    expect(decodeSafetensors(files.get('model.safetensors')!).tensors.size).toBe(toNamed(module.spec).size);

    const onnx = await InferenceSession.create(await download(page, /ONNX/));
    const tokenizer = loadTokenizer(new TextDecoder().decode(files.get('tokenizer.json')));
    const { ids, positions } = encodeSentences([sentence], tokenizer, 64);
    const { logits } = await onnx.run({ ids: new Tensor('int32', ids.data, [1, 64]) });
    const vocabulary = tokenizer.vocabularySize;
    const row = (logits!.data as Float32Array).slice(positions.data[0]! * vocabulary, (positions.data[0]! + 1) * vocabulary);
    const [filled] = likeliest(hostArray('float32', [1, 1, vocabulary], row), tokenizer, [sentence]);
    const told = ({ piece, probability }: FilledMask['guesses'][number]): string =>
      `${piece.replaceAll('▁', ' ').trim()}${(100 * probability).toFixed(1)} %`;
    expect(filled!.guesses.map(told)).toEqual(answers);
    expect(params).toBeDefined();
    expect([elsewhere, errors]).toEqual([[], []]);
    await page.close();

    const { page: again } = await openTrainer();
    await again
      .getByLabel('Load a model directory')
      .setInputFiles({ name: 'mine.zip', mimeType: 'application/zip', buffer: Buffer.from(zip) });
    await phase(again, 'loaded', 'failed');
    expect(await status(again)).toBe('Loaded: gmlp-language, 3 blocks');
    expect(await guesses(again, sentence)).toEqual(answers);
    await again.getByLabel('Steps', { exact: true }).fill('2');
    await again.getByRole('button', { name: 'Train this one further' }).click();
    expect((await losses(again, 2)).first).toBeLessThan(first - 0.5); // it has not begun anew
    await again.close();
  });

  it('trains BERT and a Mixer on a text of the reader', async () => {
    const { page } = await openTrainer();
    const text = 'The cat sat on the mat, and the dog sat on the cat. '.repeat(400);
    await page.getByLabel('A text of yours').check();
    expect(await page.getByRole('button', { name: 'Train' }).isDisabled()).toBe(true);
    await page
      .getByLabel('Choose or drop text files')
      .setInputFiles([{ name: 'bytes.txt', mimeType: 'text/plain', buffer: Buffer.of(0xff, 0xfe, 0xfd) }]);
    expect(await page.getByRole('alert').textContent()).toMatch(/bytes\.txt is not plain text in UTF-8/);
    await page
      .getByLabel('Choose or drop text files')
      .setInputFiles([{ name: 'cats.txt', mimeType: 'text/plain', buffer: Buffer.from(text) }]);
    for (const model of ['BERT', 'MLP-Mixer']) {
      const { first, last } = await train(page, model, 6);
      expect(last).toBeLessThan(first);
      expect(await page.locator('.pg-maps').count()).toBe(0);
    }
    await page.close();
  });

  // Its threads run the source of TF.js's module, which not every minifier leaves whole.
  it.each([
    ['one thread', false],
    ['threads, in a page that is isolated', true],
  ])('trains on tfjs-wasm with %s', async (_, isolated) => {
    const { page, elsewhere, errors, wasm } = await openTrainer(isolated ? isolatedSite : site);
    await page.getByRole('radio', { name: /tfjs-wasm/ }).check();
    const { first, last } = await train(page, 'gMLP', 4);
    expect(first).toBeGreaterThan(7);
    expect(last).toBeLessThan(first);
    expect(wasm.map((url) => /-threaded/.test(url))).toEqual([isolated]);
    expect(await guesses(page, 'A [MASK] of peace.')).toHaveLength(5);
    expect([elsewhere, errors]).toEqual([[], []]);
    await page.close();
  });

  it.each([
    ['dev', () => developedTestSite()],
    ['preview', () => previewedTestSite(folder)],
  ] as const)('trains on the first device, with threads, as docs %s shows it', { timeout: 240_000 }, async (_, start) => {
    const server = await start();
    try {
      const { page, elsewhere, errors, wasm } = await openTrainer(server);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      await train(page, 'gMLP', 1);
      expect(wasm.map((url) => /ort-wasm-simd-threaded[^/]*\.wasm$/.test(url))).toEqual([true]);
      expect([elsewhere, errors]).toEqual([[], []]);
      await page.close();
    } finally {
      await server.close();
    }
  });

  it('trains aMLP, and refuses hostile files without losing it', async () => {
    const { page } = await openTrainer();
    await train(page, 'aMLP', 2);
    const hostile: [ReturnType<typeof file>[], RegExp][] = [
      [[file('model.zip', 'PK, but no zip')], /model\.zip cannot be read: invalid zip data/],
      [[file('config.json', '{"format": "gmlp-model", "version": 1, "model": {}}')], /config\.family must be one of/],
      [[file('config.json', '{"format": "gmlp-model", "version": 9, "model": {}}')], /has version 9, this gmlp reads up to 1/],
      [[file('weights.bin', 'x')], /a model has config\.json among its files, got weights\.bin/],
      [
        [
          file(
            'config.json',
            '{"format": "gmlp-model", "version": 1, "model": {"family": "gmlp-language", "vocabulary": 300, "tokens": 8, "channels": 8, "hiddenChannels": 16, "layers": 1}}',
          ),
          file('model.safetensors', Buffer.alloc(16, 255)),
        ],
        /model\.safetensors declares a header of/,
      ],
      [
        [...smallClassifierFiles()].map(([each, bytes]) => file(each, bytes)),
        /The model is a gmlp-vision; this page takes gmlp-language, bert and mixer-language, which fill masks or go on with a text/,
      ],
    ];
    for (const [files, message] of hostile) {
      await page.getByLabel('Load a model directory').setInputFiles(files);
      await page.getByRole('alert').filter({ hasText: message }).waitFor();
    }
    expect(await guesses(page, 'A [MASK] of peace.')).toHaveLength(5); // the model from before
    await page.close();
  });

  it('keeps the model when the next attempt fails, and asks before it is lost', async () => {
    const { page } = await openTrainer();
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    const sentence = 'A [MASK] of peace.';
    await train(page, 'gMLP', 2);
    const answers = await guesses(page, sentence);
    expect(await page.locator('.pg-filled .pg-note').textContent()).toBe('After 2 steps:');

    await page.getByLabel('A text of yours').check();
    await page.getByLabel('Choose or drop text files').setInputFiles([file('short.txt', 'The cat sat on the mat. '.repeat(40))]);
    for (const button of ['Train a new model', 'Train this one further']) {
      await page.getByRole('button', { name: button }).click();
      await phase(page, 'failed');
      expect(await status(page)).toMatch(/^The text gives \d sequences of 64 tokens; a step needs 8/);
      expect(await page.locator('.pg-figure b').first().textContent()).toBe('2 of 2');
      expect(await guesses(page, sentence)).toEqual(answers);
    }

    // A page loaded anew, a closed tab, a link of the site and "back" would all lose it.
    const reloaded = page.reload().catch(() => 'stayed');
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await page.getByRole('link', { name: 'Classify an image' }).first().click();
    await expect.poll(() => asked).toEqual(['beforeunload', 'confirm']);
    expect(page.url()).toMatch(/playground\.html$/);
    await download(page, /Model directory/);
    await page.getByRole('link', { name: 'Classify an image' }).first().click();
    await page.waitForURL(/classify\.html$/);
    expect(asked).toHaveLength(2);
    await page.close();
    await reloaded;
  });

  it('trains a causal gMLP, which goes on with a text, takes it away and back, and shows no answer of a model that is gone', async () => {
    const { page, errors } = await openTrainer();
    const begin = 'We must work';
    await train(page, 'Causal gMLP', 1);
    const drawn = await page.locator('.pg-map canvas').evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const opaque = (i: number, j: number): boolean => data[4 * (i * canvas.width + j) + 3]! > 0;
        return { later: opaque(3, 40) || opaque(10, 11), own: opaque(3, 3), earlier: opaque(40, 3) };
      }),
    );
    expect(drawn).toEqual(Array(3).fill({ later: false, own: true, earlier: true }));
    const first = await continued(page, begin);
    expect(first.text).toMatch(/^We must work.+/);
    await train(page, 'Causal gMLP', 2);
    expect(await page.locator('.pg-bars li').count()).toBe(0);
    const told = await continued(page, begin);
    expect(told.pieces).not.toEqual(first.pieces);
    const saved = [...unzip(await download(page, /Model directory/))].map(([name, bytes]) => file(name, bytes));
    await page.getByLabel('Load a model directory').setInputFiles(saved);
    await phase(page, 'loaded', 'failed');
    expect(await status(page)).toBe('Loaded: gmlp-language, causal, 3 blocks');
    expect(await page.locator('.pg-bars li').count()).toBe(0);
    expect(await continued(page, begin)).toEqual(told);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('stops and goes on, all by keyboard, and the focus is seen', async () => {
    const { page } = await openTrainer();
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement!.textContent!);
    const stoppedAt = async (): Promise<number> => {
      await phase(page, 'stopped');
      return Number(/^Stopped after step (\d+)$/.exec((await status(page))!)![1]);
    };
    await page.getByRole('radio', { name: 'gMLP', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('radio', { name: 'aMLP' }).isChecked()).toBe(true);
    for (const _ of ['text', 'device', 'steps', 'train']) await page.keyboard.press('Tab');
    expect(await focused()).toBe('Train');
    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe('solid');
    await page.keyboard.press('Enter');
    await phase(page, 'training');
    expect(await focused()).toBe('Stop');
    await page.keyboard.press('Enter');
    const first = await stoppedAt();
    await page.getByRole('button', { name: 'Go on' }).press('Enter');
    await page.waitForFunction(
      (step) => Number(/\d+/.exec(document.querySelector('.pg-figure b')!.textContent!)![0]) > step,
      first,
    );
    await page.getByRole('button', { name: 'Stop' }).press('Space');
    expect(await stoppedAt()).toBeGreaterThan(first);
    await page.close();
  });

  it('classifies an image as Node does: a PNG to the bit, a JPEG that is turned but for what decoders differ in', async () => {
    const { page, elsewhere, errors } = await open('/classify.html');
    await phase(page, 'idle');
    const device = await openDevice('ort-cpu');
    const files = smallClassifierFiles();
    const classifier = await putClassifier(device, files);
    const png = pngOf(60, 44, (x, y) => [(4 * x + y) % 256, (200 - 3 * y) % 256, (x * y) % 199]);
    const jpeg = await sharp(png).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer();
    await page.getByLabel('Model directory').setInputFiles([...files].map(([name, bytes]) => file(name, Buffer.from(bytes))));
    await phase(page, 'ready');
    for (const [kind, bytes, pixelsApart, percentApart] of [
      ['png', png, 0, 0.051],
      ['jpeg', jpeg, 2, 1],
    ] as const) {
      const name = `picture.${kind}`;
      const from = { file: name, offset: 0, key: '' };
      const { classes, seen } = await classifier.classify(
        await decodeImage({ bytes, encoding: { kind }, from }, await loadSharp()),
      );
      await page.getByLabel('Image', { exact: true }).setInputFiles({ name, mimeType: `image/${kind}`, buffer: bytes });
      // How far what the page shows is from that: percent of the likeliest classes, and pixels.
      const apart = async (): Promise<readonly [percent: number, pixels: number]> => {
        const shown = await page.locator('.pg-bars li').allTextContents();
        const percents = classes.map(({ name: own, probability }) => {
          const row = shown.find((each) => each.startsWith(own)) ?? own;
          return Math.abs(Number.parseFloat(row.slice(own.length)) - 100 * probability);
        });
        const drawn = await page.evaluate(() => {
          const canvas = document.querySelector<HTMLCanvasElement>('canvas.pg-image')!;
          return [...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data];
        });
        const rgb = drawn.filter((_, at) => at % 4 !== 3);
        return [Math.max(...percents), Math.max(...Array.from(seen.data, (value, at) => Math.abs(value - rgb[at]!)))];
      };
      await expect.poll(async () => (await apart())[0], { timeout: 20_000 }).toBeLessThan(percentApart);
      expect((await apart())[1]).toBeLessThanOrEqual(pixelsApart);
    }
    await device.dispose();

    await page
      .getByLabel('Image', { exact: true })
      .setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no') });
    await phase(page, 'failed');
    expect(await status(page)).toMatch(/^no\.png is no image that this browser reads/);
    expect(await page.locator('.pg-bars li').count()).toBe(5); // of the image that is still there
    expect([elsewhere, errors]).toEqual([[], []]);
    await page.close();
  });

  it.each(['/playground.html', '/classify.html'])('%s fits a phone and a desktop, light and dark', async (path) => {
    const { page } = await open(path);
    await page.getByRole('group', { name: 'Device' }).waitFor();
    for (const { width, height, colorScheme } of appearances) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((dark) => document.documentElement.classList.contains('dark') === dark, colorScheme === 'dark');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await page.close();
  });
});
