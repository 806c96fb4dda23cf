import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { startedByNohup, stopCode, stopOnSignals } from './stop-signals.ts';

function stopped(requests: readonly (readonly [string, number])[], outlivesTerminal = false) {
  const source = new EventEmitter();
  const ended: unknown[] = [];
  let clock = 100;
  const endAtOnce = (...how: unknown[]) => ended.push(how);
  const signal = stopOnSignals(source, { endAtOnce, outlivesTerminal, now: () => clock });
  for (const [name, after] of requests) {
    clock += after;
    source.emit(name);
  }
  return { code: signal.aborted ? stopCode(signal.reason) : undefined, ended };
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('%s asks to stop, with the code of a shell', (name, code) => {
  expect(stopped([[name, 0]])).toEqual({ code, ended: [] });
});

it.each(['SIGINT', 'SIGTERM'])('a second %s ends at once; one that was passed on is the same', (name) => {
  expect(
    stopped([
      [name, 0],
      [name, 0.01],
    ]).ended,
  ).toEqual([]);
  expect(
    stopped([
      [name, 0],
      [name, 0.01],
      [name, 1],
    ]).ended,
  ).toHaveLength(1);
});

it('another signal is another request, however soon', () => {
  expect(
    stopped([
      ['SIGTERM', 0],
      ['SIGINT', 0],
    ]),
  ).toEqual({ code: 143, ended: [['SIGINT', 130]] });
});

it('a hangup that comes again ends nothing at once, nor what comes with it', () => {
  const hangup = [
    ['SIGHUP', 0],
    ['SIGHUP', 3],
    ['SIGHUP', 9],
  ] as const;
  expect(stopped(hangup)).toEqual({ code: 129, ended: [] });
  expect(
    stopped([
      ['SIGHUP', 0],
      ['SIGTERM', 0.1],
    ]).ended,
  ).toEqual([]);
  expect(
    stopped([
      ['SIGINT', 0],
      ['SIGHUP', 5],
    ]),
  ).toEqual({ code: 130, ended: [] });
});

it('a command that outlives its terminal hears no hangup, and all else', () => {
  expect(stopped([['SIGHUP', 0]], true).code).toBeUndefined();
  expect(
    stopped(
      [
        ['SIGHUP', 0],
        ['SIGTERM', 1],
      ],
      true,
    ),
  ).toEqual({ code: 143, ended: [] });
});

it('a stop for no named reason counts as Ctrl-C', () => {
  for (const reason of [undefined, new Error('toString'), 'SIGTERM']) expect(stopCode(reason)).toBe(130);
});

it('nohup is known by what shells tell their commands', () => {
  expect(startedByNohup({ _: '/usr/bin/nohup' })).toBe(true);
  expect(startedByNohup({ _: 'nohup' })).toBe(true);
  for (const _ of [undefined, '/usr/bin/node', '/home/nohup/gmlp', 'mynohup']) expect(startedByNohup({ _ }), _).toBe(false);
});
