/**
 * For tests: the Hugging Face Hub with one model on it, on this machine. It answers what the Hub's client asks: the model's
 * commit, the list of its files, and their content by ranges. Here and not in packages/testing, which stands on packages that
 * use it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MockHub {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** Whether content arrives ten bytes short. */
  cut: boolean;
  stop(): Promise<void>;
}

export async function startMockHub({
  id,
  commit,
  files,
}: {
  readonly id: string;
  readonly commit: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}): Promise<MockHub> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.split('?')[0]!);
    asked.push(path);
    const json = (value: unknown) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
    const content = path.startsWith(`/${id}/resolve/${commit}/`) ? files.get(path.split('/').at(-1)!) : undefined;
    if (path === `/api/models/${id}/revision/main`) json({ _id: '1', id, sha: commit });
    else if (path === `/api/models/${id}/tree/${commit}`)
      json([...files].map(([name, { length }]) => ({ type: 'file', path: name, size: length, oid: 'b'.repeat(40) })));
    else if (content !== undefined) {
      const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
      const first = Number(from ?? 0);
      const last = to ? Math.min(Number(to), content.length - 1) : content.length - 1;
      response.setHeader('ETag', '"etag"');
      if (from !== undefined) response.setHeader('Content-Range', `bytes ${first}-${last}/${content.length}`);
      response.statusCode = from === undefined ? 200 : 206;
      response.end(content.subarray(first, hub.cut && last > first ? last - 10 : last + 1));
    } else {
      response.statusCode = 404;
      json({ error: 'Repository not found' });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: MockHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    cut: false,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hub;
}
