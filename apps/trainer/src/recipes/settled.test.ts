import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { settled } from './settled.ts';

const problem = () => new Error('it never comes');

it('gives what the promise gives, and listens no longer', async () => {
  const idle = new EventEmitter();
  expect(await settled(Promise.resolve(3), problem, idle)).toBe(3);
  await expect(settled(Promise.reject(new Error('mine')), problem, idle)).rejects.toThrow('mine');
  await turn();
  expect(idle.listenerCount('beforeExit')).toBe(0);
});

it('says so when nothing is left that could settle it', async () => {
  const idle = new EventEmitter();
  const waiting = settled(new Promise(() => {}), problem, idle);
  idle.emit('beforeExit', 0);
  await expect(waiting).rejects.toThrow('it never comes');
});
