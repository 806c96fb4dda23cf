/** Fails when a page of the built site loads anything from elsewhere: scripts, styles, fonts, images, frames. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../.vitepress/dist', import.meta.url));
const loads = [
  /<(?:script|img|iframe|video|audio|source|embed)\b[^>]*\ssrc="((?:https?:)?\/\/[^"]+)"/g,
  /<link\b(?![^>]*rel="canonical")[^>]*\shref="((?:https?:)?\/\/[^"]+)"/g,
  /(?:@import|url\()\s*["']?((?:https?:)?\/\/[^"')]+)/g,
];

const found = [];
for (const file of readdirSync(site, { recursive: true }).filter((name) => /\.(html|css)$/.test(name))) {
  const text = readFileSync(join(site, file), 'utf8');
  for (const pattern of loads) for (const [, address] of text.matchAll(pattern)) found.push(`${file} loads ${address}`);
}
for (const line of found) console.error(line);
if (found.length > 0) process.exit(1);
