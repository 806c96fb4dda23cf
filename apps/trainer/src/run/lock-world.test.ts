/** Locks among several machines whose processes crash, are stopped and go on, and whose files are removed; time is simulated. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { workerFile } from '../thread/device-thread.ts';
import type { LockHolder } from './lock-file.ts';
import { lockRun, type RunLock } from './run-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gmlp-locks-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Trainer {
  readonly pid: number;
  readonly host: string;
  state: 'waits' | 'holds' | 'refused' | 'gone';
  stopped: boolean;
  lock?: RunLock;
  beat?: () => Promise<void>;
  wake?: () => void;
}

/** Numbers in [0, 1), the same for one seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function world(seed: number) {
  const random = numbers(seed);
  const trainers: Trainer[] = [];
  const start = (): void => {
    const trainer: Trainer = { pid: trainers.length, host: `host ${trainers.length % 2}`, state: 'waits', stopped: false };
    trainers.push(trainer);
    const fate = ({ host, pid }: LockHolder) =>
      host !== trainer.host ? 'unknown' : trainers[pid]!.state === 'gone' ? 'gone' : 'runs';
    const wait = () =>
      new Promise<void>((resolve) => {
        trainer.wake = resolve;
      });
    const every = (_: number, call: () => Promise<void>) => {
      trainer.beat = call;
      return () => undefined;
    };
    void lockRun(folder, { self: { pid: trainer.pid, host: trainer.host }, fate, wait, every }).then(
      (lock) => Object.assign(trainer, trainer.state === 'gone' ? {} : { state: 'holds', lock }),
      () => Object.assign(trainer, trainer.state === 'gone' ? {} : { state: 'refused' }),
    );
  };
  return {
    random,
    trainers,
    start,
    /** One second. */
    async tick(second: number): Promise<void> {
      for (const { state, stopped, beat } of trainers) if (state === 'holds' && !stopped && second % 5 === 0) await beat?.();
      const looking = trainers.filter(({ state, stopped }) => state === 'waits' && !stopped);
      for (const trainer of looking) {
        const { wake } = trainer;
        delete trainer.wake;
        wake?.();
      }
      while (looking.some(({ state, wake }) => state === 'waits' && wake === undefined)) await later(1);
    },
  };
}

it.each([1, 2, 3, 4, 5, 6])(
  'a lock has one holder, who keeps it while it works, and is free when it does not: world %i',
  async (seed) => {
    const { random, trainers, start, tick } = world(seed);
    const held: number[] = []; // who could write, one after the other
    const disturbed = new Set<Trainer>(); // stopped once, or its file was removed
    for (let second = 0; second < 150; second++) {
      const living = trainers.filter(({ state }) => state === 'waits' || state === 'holds');
      const one = living[Math.floor(random() * living.length)];
      const holder = trainers.find(({ state }) => state === 'holds');
      const chance = random();
      if (chance < 0.02 && one) one.state = 'gone';
      else if (chance < 0.04 && one) {
        one.stopped = !one.stopped;
        disturbed.add(one);
      } else if (chance < 0.05) {
        for (const each of living) disturbed.add(each);
        await rm(join(folder, 'lock.json'), { force: true });
      } else if (chance < 0.06 && holder && !holder.stopped) {
        await holder.lock!.release();
        holder.state = 'refused';
      } else if (chance < 0.3 && living.length < 3) start();
      await tick(second);
      for (const trainer of trainers.filter(({ state, stopped }) => state === 'holds' && !stopped)) {
        try {
          await trainer.lock!.expectHeld();
          if (held.at(-1) !== trainer.pid) held.push(trainer.pid);
        } catch {
          expect(disturbed.has(trainer), `trainer ${trainer.pid} lost its lock at second ${second}`).toBe(true);
          trainer.state = 'refused';
          await trainer.lock!.release();
        }
      }
    }
    expect(new Set(held).size, `held by ${held.join(', ')}`).toBe(held.length);
    expect(held.length).toBeGreaterThan(1);
    // All die where they stand: one that comes then gets in.
    for (const trainer of trainers) trainer.state = 'gone';
    start();
    for (let second = 0; second < 100 && trainers.at(-1)!.state === 'waits'; second++) await tick(second);
    expect(trainers.at(-1)!.state).toBe('holds');
    for (const { lock } of trainers) await lock?.release();
  },
);

const apart = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child'] as const;

function startApart(script: string) {
  const loader = process.execArgv.indexOf('--import');
  const node = workerFile.pathname.endsWith('.ts') ? process.execArgv.slice(loader, loader + 2) : [];
  const [program, ...args] = [...apart, process.execPath, ...node, '--input-type=module', '-e', script];
  return spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function canBeApart(): Promise<boolean> {
  const [program, ...args] = [...apart, 'true'];
  const [code] = (await once(spawn(program!, args, { stdio: 'ignore' }), 'close').catch(() => [1])) as [number];
  return code === 0;
}

it.skipIf(!(await canBeApart()))(
  'a trainer in a process namespace of its own is alive while it works (skipped without unshare)',
  async () => {
    const lockFile = new URL(`../run/run-lock${workerFile.pathname.endsWith('.ts') ? '.ts' : '.js'}`, workerFile);
    const script = `
    const { lockRun } = await import(${JSON.stringify(lockFile.href)});
    const every = (_, call) => { const timer = setInterval(call, 50); return () => clearInterval(timer); };
    await lockRun(${JSON.stringify(folder)}, { every });
    process.stdout.write('locked');`;
    const other = startApart(script);
    const gone = once(other, 'exit');
    try {
      await once(other.stdout, 'data');
      await expect(lockRun(folder, { wait: () => later(100) })).rejects.toThrow(/another trainer works on/);
    } finally {
      other.kill('SIGKILL'); // and what it runs with it
      await gone;
    }
    const lock = await lockRun(folder, { wait: () => later(1) });
    expect(lock.takenFrom).toMatchObject({ pid: 1 });
    await lock.release();
  },
);
