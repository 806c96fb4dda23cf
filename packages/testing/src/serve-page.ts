/** Serves a page that runs a bundle, from memory, to this machine alone. */
import { createReadStream, existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { contentType, isolation, startLocalServer } from './local-server.ts';

export interface ServedPage {
  /** The page; isolated, so that WebAssembly may have threads, or not. */
  url(isolated: boolean): string;
  close(): Promise<void>;
}

/**
 * `files` are those of the bundle, `start` the one to run. What else is asked for is looked for by its name in `folders`: the
 * `.wasm` files of runtimes, which they expect beside the script that loads them.
 */
export async function servePage(
  files: ReadonlyMap<string, Uint8Array>,
  start: string,
  folders: readonly string[],
): Promise<ServedPage> {
  const page = Buffer.from(
    `<!doctype html><title>gmlp</title><link rel="icon" href="data:," /><script type="module" src="/${start}"></script>`,
  );
  const { url, close } = await startLocalServer((request, response) => {
    const name = posix.basename(new URL(request.url ?? '/', 'http://localhost').pathname) || 'plain.html';
    const isolated = name !== 'plain.html';
    const head = {
      'Content-Type': contentType(name),
      ...(isolated && isolation),
    };
    const content = name.endsWith('.html') ? page : files.get(name);
    if (content) {
      response.writeHead(200, head).end(content);
      return;
    }
    const file = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, head);
    createReadStream(file).pipe(response);
  });
  return { url: (isolated) => `${url}/${isolated ? 'isolated' : 'plain'}.html`, close };
}
