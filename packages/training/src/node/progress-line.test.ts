import { expect, it } from 'vitest';
import { progressLine } from './progress-line.ts';

function recorder(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns, write: (text: string) => written.push(text) } };
}

it('draws one line anew on a terminal, cut to its width', () => {
  const { written, stream } = recorder(true, 10);
  let clock = 0;
  const line = progressLine({ stream, redrawEvery: 1, now: () => clock });
  line.update('first text, too long');
  line.update('left out: too soon');
  clock = 2;
  line.update('second');
  line.print('done');
  line.clear();
  expect(written).toEqual(['\r\u001b[Kfirst tex', '\r\u001b[Ksecond', '\r\u001b[K', 'done\n']);
});

it('writes plain lines now and then elsewhere', () => {
  const { written, stream } = recorder(false, 10);
  let clock = 0;
  const line = progressLine({ stream, lineEvery: 10, now: () => clock });
  for (; clock < 25; clock++) line.update(`at ${clock}, longer than the terminal`);
  line.print('done');
  line.clear();
  expect(written).toEqual(['at 10', 'at 20'].map((text) => `${text}, longer than the terminal\n`).concat('done\n'));
});

it('a terminal that does not know its width gets the line of usual length', () => {
  const { written, stream } = recorder(true, 0);
  progressLine({ stream, now: () => 0 }).update('x'.repeat(100));
  expect(written).toEqual([`\r\u001b[K${'x'.repeat(79)}`]);
});
