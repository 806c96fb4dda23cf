/**
 * Stands before every operation of this process that changes something below a folder: a file opened for writing, a write, a flush, a
 * rename, a removal, a folder made. What is removed with all that is in it is removed name by name, so that each counts.
 *
 * As `node --import tooling/file-operations.mjs`, with GMLP_OPERATIONS_IN (the folder) and GMLP_KILLED_AT (a number from 1), it ends
 * the process before that operation as a kill does, and says which it was. Writes that follow each other into one file count as two:
 * the first, and all others, since a kill leaves a part of the file between any of them. Other threads than the main one are left alone.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** Calls `before(what, path)` before each operation below `folder`; if it throws, the operation fails so and is not done. */
export async function watchFileOperations(folder, before) {
  const root = resolve(folder);
  const inside = (path) => typeof path === 'string' && `${resolve(path)}${sep}`.startsWith(`${root}${sep}`);
  const opens = (flags) => typeof flags === 'string' && flags !== 'r';
  const pathOf = new Map(); // of open files, by their number
  const undo = [];
  const patch = (object, name, make) => {
    const original = object[name];
    object[name] = make(original);
    undo.push(() => {
      object[name] = original;
    });
  };
  const check = (what, path) => {
    if (inside(path)) before(what, path);
  };

  const { promises } = fs;
  const { rm, unlink, rmdir, readdir, lstat } = promises;
  for (const name of ['mkdir', 'unlink', 'rmdir', 'truncate', 'writeFile', 'appendFile'])
    patch(promises, name, (original) => async (path, ...rest) => {
      check(name, path);
      return original(path, ...rest);
    });
  for (const name of ['rename', 'link', 'symlink', 'copyFile'])
    patch(promises, name, (original) => async (from, to, ...rest) => {
      check(name, to);
      return original(from, to, ...rest);
    });
  const removeAll = async (path) => {
    if ((await lstat(path)).isDirectory()) {
      for (const name of await readdir(path)) await removeAll(join(path, name));
      check('rmdir', path);
      await rmdir(path);
    } else {
      check('unlink', path);
      await unlink(path);
    }
  };
  patch(promises, 'rm', () => async (path, options) => {
    if (!inside(path)) return rm(path, options);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() && options?.recursive) return removeAll(path);
    if (found !== undefined) check('unlink', path);
    return rm(path, options);
  });
  patch(promises, 'open', (original) => async (path, flags = 'r', ...rest) => {
    if (opens(flags)) check('open', path);
    const file = await original(path, flags, ...rest);
    if (inside(path)) pathOf.set(file.fd, path);
    else pathOf.delete(file.fd);
    return file;
  });
  const probe = await promises.open(process.execPath, 'r');
  const handle = Object.getPrototypeOf(probe);
  await probe.close();
  for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate'])
    patch(
      handle,
      name,
      (original) =>
        async function (...args) {
          check(name, pathOf.get(this.fd));
          return original.apply(this, args);
        },
    );

  patch(fs, 'open', (original) => (path, flags, mode, done) => {
    try {
      if (opens(flags)) check('open', path);
    } catch (error) {
      return process.nextTick(done, error);
    }
    return original(path, flags, mode, (error, fd) => {
      if (error === null && inside(path)) pathOf.set(fd, path);
      else if (error === null) pathOf.delete(fd);
      done(error, fd);
    });
  });
  for (const name of ['write', 'writev', 'fsync', 'fdatasync'])
    patch(fs, name, (original) => (fd, ...args) => {
      try {
        check(name, pathOf.get(fd));
      } catch (error) {
        return process.nextTick(args.at(-1), error);
      }
      return original(fd, ...args);
    });
  for (const name of ['mkdirSync', 'unlinkSync', 'rmdirSync', 'rmSync', 'writeFileSync', 'appendFileSync', 'truncateSync'])
    patch(fs, name, (original) => (path, ...rest) => {
      check(name, path);
      return original(path, ...rest);
    });
  for (const name of ['renameSync', 'linkSync', 'symlinkSync', 'copyFileSync'])
    patch(fs, name, (original) => (from, to, ...rest) => {
      check(name, to);
      return original(from, to, ...rest);
    });
  patch(fs, 'openSync', (original) => (path, flags = 'r', ...rest) => {
    if (opens(flags)) check('openSync', path);
    const fd = original(path, flags, ...rest);
    if (inside(path)) pathOf.set(fd, path);
    else pathOf.delete(fd);
    return fd;
  });
  for (const name of ['writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'])
    patch(fs, name, (original) => (fd, ...args) => {
      check(name, pathOf.get(fd));
      return original(fd, ...args);
    });
  syncBuiltinESMExports();
  return () => {
    for (const each of undo.reverse()) each();
    syncBuiltinESMExports();
  };
}

const { GMLP_OPERATIONS_IN: folder, GMLP_KILLED_AT: last } = process.env;
if (isMainThread && folder !== undefined && last !== undefined) {
  const { kill, pid } = process;
  const { writeSync } = fs;
  const recent = [];
  let count = 0;
  await watchFileOperations(folder, (what, path) => {
    const operation = `${what} ${path}`;
    if (what.startsWith('write') && recent.length === 2 && recent.every((each) => each === operation)) return;
    recent.splice(0, recent.length - 1);
    recent.push(operation);
    if (++count !== Number(last)) return;
    writeSync(2, `killed before ${operation}\n`);
    kill(pid, 'SIGKILL');
  });
}
