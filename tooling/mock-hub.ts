/**
 * For tests: the Hugging Face Hub with one model on it, on this machine. It answers what the Hub's client asks: the model's
 * commit, the list of its files, and their content by ranges. Here and not in packages/testing, which stands on packages that
 * use it.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MockHub {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** Whether content arrives ten bytes short. */
  cut: boolean;
  /** Whether a bit of the content flips on its way. */
  damaged: boolean;
  /** Whether it takes requests whose path ends so and says nothing. */
  silent: string | undefined;
  stop(): Promise<void>;
}

/** As the Hub lists a file: weights by the SHA-256 of their content, others by git's SHA-1. */
function listed(path: string, content: Uint8Array): object {
  const git = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const lfs = path.endsWith('.safetensors') && { lfs: { oid: sha256, size: content.length, pointerSize: 130 } };
  return { type: 'file', path, size: content.length, oid: lfs ? 'b'.repeat(40) : git, ...lfs };
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
    if (hub.silent !== undefined && path.endsWith(hub.silent)) return;
    const json = (value: unknown) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
    const content = path.startsWith(`/${id}/resolve/${commit}/`) ? files.get(path.split('/').at(-1)!) : undefined;
    if (path === `/api/models/${id}/revision/main`) json({ _id: '1', id, sha: commit });
    else if (path === `/api/models/${id}/tree/${commit}`) json([...files].map(([name, content]) => listed(name, content)));
    else if (content !== undefined) {
      const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
      const first = Number(from ?? 0);
      const last = to ? Math.min(Number(to), content.length - 1) : content.length - 1;
      response.setHeader('ETag', '"etag"');
      if (from !== undefined) response.setHeader('Content-Range', `bytes ${first}-${last}/${content.length}`);
      response.statusCode = from === undefined ? 200 : 206;
      const part = Buffer.from(content.subarray(first, hub.cut && last > first ? last - 10 : last + 1));
      if (hub.damaged) part[part.length - 1]! ^= 1;
      response.end(part);
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
    damaged: false,
    silent: undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hub;
}
