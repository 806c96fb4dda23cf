/**
 * A run's report, live: a server on this machine alone that gives the page, and its content anew whenever it changed. It reads
 * the folder that it was started with and no other; nothing in a request names a file.
 */
import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GmlpError, plainMessage } from '@gmlp/base';
import { html } from '../report/html.ts';
import { page } from '../report/page.ts';
import { readRun } from '../report/read-run.ts';
import { runReport, runReportTitle } from '../report/run-report.ts';
import { trainerIsAlive } from '../run/run-lock.ts';
import { runPaths } from '../run/run-paths.ts';
import { watchScript } from './watch-script.ts';

export interface Watching {
  readonly url: string;
  close(): Promise<void>;
}

export interface WatchOptions {
  /** 0 takes any free one. */
  readonly port: number;
}

export async function watchRun(directory: string, { port }: WatchOptions): Promise<Watching> {
  const content = contentOf(directory);
  await content(); // a folder without a run is refused here
  const server = createServer((request, response) => {
    answer(content, request, response).catch((error: Error) => send(response, 500, 'text/plain', plainMessage(error)));
  });
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Content {
  readonly title: string;
  readonly markup: string;
  /** Changes when the content does. */
  readonly tag: string;
}

/** The page's content, read anew only when a file of the run changed: a long run has a long metrics.jsonl. */
function contentOf(directory: string): () => Promise<Content> {
  let last: { readonly stamp: string; readonly content: Promise<Content> } | undefined;
  return async () => {
    const stamp = await stampOf(directory);
    if (last?.stamp !== stamp) last = { stamp, content: readContent(directory) };
    return last.content;
  };
}

/** Changes when a file does that the page shows. */
async function stampOf(directory: string): Promise<string> {
  const { run, state, metrics, filters, report } = runPaths(directory);
  const alive = await trainerIsAlive(directory);
  const times = await Promise.all(
    [run, state, metrics, filters, report].map((path) =>
      stat(path).then(
        ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
        () => 'absent',
      ),
    ),
  );
  return [alive, ...times].join(', ');
}

async function readContent(directory: string): Promise<Content> {
  const runs = [await readRun(directory)];
  const { markup } = runReport(runs);
  return { title: runReportTitle(runs), markup, tag: createHash('sha256').update(markup).digest('hex').slice(0, 32) };
}

async function answer(content: () => Promise<Content>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { port } = request.socket.address() as AddressInfo;
  // A page of another origin may have its name point here: it is told by the name that it asks for.
  if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '')) {
    return send(response, 403, 'text/plain', `gmlp watch answers to 127.0.0.1:${port} and localhost:${port} only`);
  }
  if (request.method !== 'GET') return send(response, 405, 'text/plain', 'gmlp watch answers GET only');
  const [path, query] = (request.url ?? '').split('?');
  if (path === '/') {
    const { title, markup, tag } = await content();
    const nonce = randomBytes(16).toString('base64');
    const body = html`<p id="live" role="status">live</p><main data-tag="${tag}">${{ markup }}</main>`;
    return send(response, 200, 'text/html; charset=utf-8', page({ title, body, script: { source: watchScript, nonce } }));
  }
  if (path === '/content') {
    const { markup, tag } = await content();
    response.setHeader('ETag', tag);
    return query === tag ? send(response, 204, 'text/html', '') : send(response, 200, 'text/html; charset=utf-8', markup);
  }
  return send(response, 404, 'text/plain', 'there is only the page /');
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  response.end(status === 204 ? undefined : body);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const problem = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.message;
      reject(new GmlpError('io', `watch: port ${port}: ${problem}; choose another with --port`, { port }, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
