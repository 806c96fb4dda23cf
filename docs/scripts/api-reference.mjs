/**
 * The API reference, one page an entry, from the sources' declarations and comments. It is written into docs/api at each
 * build and not committed.
 *
 * The house's files open with a comment that says what the file's main export computes, in formulas. TypeDoc takes such a
 * comment for the file's; here it becomes that export's, and lines set in from the margin, formulas and shapes, become blocks
 * of text that keep their form.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, Comment, Converter, ReflectionKind } from 'typedoc';
import { entries } from './entries.mjs';

const docs = fileURLToPath(new URL('..', import.meta.url));

export async function writeApiReference() {
  const all = entries();
  const out = join(docs, 'api');
  rmSync(out, { recursive: true, force: true });
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: all.map(({ file }) => file),
    tsconfig: join(docs, 'tsconfig.api.json'),
    skipErrorChecking: true, // `pnpm typecheck` does it
    readme: 'none',
    out,
    logLevel: 'Warn',
    treatWarningsAsErrors: true,
    validation: { invalidLink: true, notExported: false, rewrittenLink: true },
    disableGit: true,
    sourceLinkTemplate: '{path}',
    sort: ['source-order'],
    groupOrder: ['Functions', 'Variables', '*'],
    // How the pages look.
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    tableColumnSettings: {
      hideModifiers: true,
      hideInherited: true,
      hideOverrides: true,
      hideSources: true,
      leftAlignHeaders: true,
    },
    pageTitleTemplates: { module: ({ name }) => name },
  });
  const entryOf = new Map(all.map((entry) => [entry.file, entry]));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      const file = reflection.sources?.[0]?.fullFileName;
      if (reflection.kindOf(ReflectionKind.Module)) {
        const { name, description } = entryOf.get(file);
        reflection.name = name;
        const text = name.endsWith('/node') ? `What needs Node's own modules. ${description}` : description;
        reflection.comment = new Comment([{ kind: 'text', text }]);
      }
      if (reflection.name === '__namedParameters') reflection.name = 'options';
      if (reflection.kindOf(ReflectionKind.FunctionOrMethod)) continue; // their signatures carry the comments
      const described = reflection.kindOf(ReflectionKind.CallSignature) ? reflection.parent : reflection;
      if (!reflection.hasComment() && file && isMainExport(described.name, file)) {
        const text = openingComment(file);
        if (text) reflection.comment = new Comment([{ kind: 'text', text }]);
      }
      for (const part of reflection.comment?.summary ?? []) if (part.kind === 'text') part.text = withBlocks(part.text);
    }
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources');
  app.options.setValue('disableSources', true); // needed above; a path in the repository leads nowhere from the site
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the API reference has errors');
  rmSync(join(out, 'README.md'));
  writeFileSync(join(out, 'index.md'), index(all));
}

/** A file is named after its main export: `spatial-gating-unit.ts` holds `spatialGatingUnit`. */
function isMainExport(name, file) {
  return basename(file, '.ts').replace(/-(.)/g, (_, letter) => letter.toUpperCase()) === name;
}

/** The comment at the head of a file, without its stars; none if it belongs to the declaration that follows. */
function openingComment(file) {
  const found = /^\/\*\*(.*?)\*\/\n(?=import|export \*|\n)/s.exec(readFileSync(file, 'utf8'));
  return found?.[1].replace(/^ ?\* ?/gm, '').trim();
}

/** Runs of lines that are set in become blocks of text. */
function withBlocks(text) {
  return text.replace(/(?:^|\n\n)((?:[ ]{2,}\S[^\n]*(?:\n(?=[ ]{2}|\n[ ]{2}))?\n?)+)/g, (_, block) => {
    const lines = block.replace(/\n+$/, '').split('\n');
    const margin = Math.min(...lines.filter(Boolean).map((line) => line.search(/\S/)));
    return `\n\n\`\`\`text\n${lines.map((line) => line.slice(margin)).join('\n')}\n\`\`\`\n\n`;
  });
}

function index(all) {
  const rows = all.map(({ name, description }) => {
    const what = name.endsWith('/node') ? `what of \`${name.replace('/node', '')}\` needs Node` : description;
    return `| [\`${name}\`](./${name}.md) | ${what} |`;
  });
  return `# API reference\n\nGenerated from the sources.\n\n| import | what it is |\n|---|---|\n${rows.join('\n')}\n`;
}
