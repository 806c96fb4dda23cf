/** Checks what the documentation tells people to type: `node tooling/check-docs.mjs [file...]`. Build first. */

import { documents, snippetsOf } from './markdown-snippets.mjs';
import { finish } from './publishable-packages.mjs';
import { checkShell } from './shell-snippets.mjs';
import { checkTypescript } from './typescript-snippets.mjs';

const chosen = process.argv.slice(2);
const all = documents()
  .filter(({ path }) => chosen.length === 0 || chosen.includes(path))
  .map(({ path, text }) => ({ path, snippets: snippetsOf(text) }));
if (all.length === 0) throw new Error(`no document is called ${chosen.join(' or ')}`);

/** What stands in a block of JSON can be read. */
function checkJson() {
  return new Map(
    all.flatMap(({ path, snippets }) =>
      snippets
        .filter(({ language }) => language === 'json')
        .map(({ line, lines }) => {
          try {
            JSON.parse(lines.join('\n'));
            return [`${path}:${line} json`, []];
          } catch (error) {
            return [`${path}:${line} json`, [error.message]];
          }
        }),
    ),
  );
}

const shell = await checkShell(all, { whole: chosen.length === 0 });
finish(new Map([...checkTypescript(all), ...shell.findings, ...checkJson()]), shell.skipped);
