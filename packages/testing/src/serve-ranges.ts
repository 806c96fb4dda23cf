/** A server for tests that answers range requests, or behaves badly as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request for the bytes from `start` to `end`, the latter included, or gives false to have it answered well. */
export type Misbehave = (request: number, response: ServerResponse, start: number, end: number, file: Buffer) => boolean;

export interface RangeServer {
  readonly url: string;
  readonly requests: () => number;
  close(): Promise<void>;
}

export async function serveRanges(
  files: Readonly<Record<string, Buffer>>,
  misbehave: Misbehave = () => false,
): Promise<RangeServer> {
  let requests = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const file = files[decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname.slice(1))];
    if (file === undefined) return void response.writeHead(404).end('<html>not found</html>');
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) return void response.writeHead(200).end(file);
    const [start, end] = [Number(from), Math.min(Number(to), file.length - 1)];
    if (misbehave(requests++, response, start, end, file)) return;
    if (start >= file.length) return void response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    answer(response, start, end, file).end(file.subarray(start, end + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The head of a good answer. */
export function answer(
  response: ServerResponse,
  start: number,
  end: number,
  file: Buffer,
  more: Record<string, string> = {},
): ServerResponse {
  const headers = { 'content-range': `bytes ${start}-${end}/${file.length}`, 'content-length': String(end - start + 1), ...more };
  return response.writeHead(206, headers);
}
