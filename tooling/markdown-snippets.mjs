import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { performancePage } from '../docs/scripts/performance-page.mjs';
import { supportPage } from '../docs/scripts/support-page.mjs';
import { root } from './run-built.mjs';

/**
 * The fenced blocks of a Markdown text: language, what else stands beside it, the lines, and the number of the first of them.
 * A block inside of an indented list loses its margin.
 */
export function snippetsOf(markdown) {
  const snippets = [];
  let open;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^(\s*)(`{3,})\s*([\w-]*)(.*)$/.exec(line);
    if (!open && fence) {
      const [, margin, ticks, language, info] = fence;
      open = { margin, ticks, language, info: info.trim(), line: index + 2, lines: [] };
    } else if (open && fence && fence[2].length >= open.ticks.length && fence[3] === '') {
      const { language, info, line: first, lines } = open;
      snippets.push({ language, info, line: first, lines });
      open = undefined;
    } else if (open) {
      open.lines.push(line.startsWith(open.margin) ? line.slice(open.margin.length) : line);
    }
  }
  if (open) throw new Error(`the block at line ${open.line - 1} is not closed`);
  return snippets;
}

/** What people read here: READMEs, CONTRIBUTING.md and the pages of the site, but for the API reference. */
export function documents() {
  const generated = /^docs\/(api\/|reference\/|(performance|support)\.md$|node_modules\/|\.vitepress\/)/;
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => `docs/${String(name).split(sep).join('/')}`)
    .filter((path) => path.endsWith('.md') && !generated.test(path));
  const readmes = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}/README.md`)
      .filter((path) => readText(path) !== undefined),
  );
  const committed = ['README.md', 'CONTRIBUTING.md', ...readmes, ...inDocs.sort()];
  return [
    ...committed.map((path) => ({ path, text: readText(path) })),
    { path: 'docs/performance.md', text: performancePage() },
    { path: 'docs/support.md', text: supportPage() },
  ];
}

function readText(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
