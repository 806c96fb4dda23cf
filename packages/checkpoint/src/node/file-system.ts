import { lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';

/** An open file, as `node:fs/promises` has it. */
export interface OpenFile {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  write(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** All that this package asks of a file system: pass another to see what happens when the disk is full or fails. */
export interface FileSystem {
  /** `r` reads, `wx` writes a file that must not exist yet. */
  open(path: string, flags: 'r' | 'wx'): Promise<OpenFile>;
  stat(path: string): Promise<{ readonly size: number; readonly mtimeMs: number; isFile(): boolean }>;
  /** Of a link itself, not of what it leads to. */
  lstat(path: string): Promise<{ isSymbolicLink(): boolean }>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string, options: { readonly recursive: boolean }): Promise<string | undefined>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly recursive?: boolean; readonly force?: boolean }): Promise<void>;
}

/** Each call is Node's own of that moment, also after a program has put something in its place. */
export const nodeFileSystem: FileSystem = {
  open: (path, flags) => open(path, flags),
  stat: (path) => stat(path),
  lstat: (path) => lstat(path),
  readdir: (path) => readdir(path),
  mkdir: (path, options) => mkdir(path, options),
  rename: (from, to) => rename(from, to),
  rm: (path, options) => rm(path, options),
};

/** Every function that touches files takes this as its last argument. */
export interface FileOptions {
  /** Node's own unless given. */
  readonly fileSystem?: FileSystem;
}
