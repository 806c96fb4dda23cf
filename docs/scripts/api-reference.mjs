/**
 * The API reference, from the sources' declarations and comments: a page an entry, or where that would be long a page a file of it
 * and one that lists them. It is written into docs/api at each build and not committed.
 *
 * The house's files open with a comment that says what the file's main export computes, in formulas. TypeDoc takes such a
 * comment for the file's; here it becomes that export's, and lines set in from the margin, formulas and shapes, become blocks
 * of text that keep their form.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, Comment, Converter, DeclarationReflection, ReferenceType, ReflectionKind } from 'typedoc';
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
    entryFileName: 'index',
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
    for (const module of project.getReflectionsByKind(ReflectionKind.Module))
      splitByFile(project, module, entryOf.get(module.sources[0].fullFileName).name);
    for (const reflection of Object.values(project.reflections)) {
      const file = reflection.sources?.[0]?.fullFileName;
      if (reflection.kindOf(ReflectionKind.Module) && entryOf.has(file)) {
        const { name, description } = entryOf.get(file);
        reflection.name = name;
        const text = name.endsWith('/node') ? `What needs Node's own modules. ${description}` : description;
        reflection.comment = new Comment([{ kind: 'text', text }]);
      }
      if (reflection.name === '__namedParameters') reflection.name = 'options';
      if (reflection.kindOf(ReflectionKind.FunctionOrMethod)) continue; // their signatures carry the comments
      if (reflection.kindOf(ReflectionKind.CallSignature) && file) nameReturned(project, reflection, readFileSync(file, 'utf8'));
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
  for (const entry of all) writeContents(entry, project);
  writeFileSync(join(out, 'index.md'), index());
}

/** More exports than a reader looks through on one page. */
const manyExports = 12;

/** Gives each file of a long entry a module of its own: a file is one idea, named after its main export. */
function splitByFile(project, module, entry) {
  const exported = [...(module.children ?? [])];
  if (exported.length <= manyExports) return;
  const parts = new Map();
  for (const reflection of exported) {
    const name = basename(reflection.sources[0].fullFileName, '.ts');
    if (!parts.has(name)) {
      const part = new DeclarationReflection(name, ReflectionKind.Module, module);
      project.registerReflection(part, undefined, undefined);
      part.comment = new Comment([{ kind: 'text', text: `Imported from \`${entry}\`.` }]);
      parts.set(name, part);
    }
    module.removeChild(reflection);
    reflection.parent = parts.get(name);
    parts.get(name).addChild(reflection);
  }
  for (const part of parts.values()) module.addChild(part);
}

/** TypeDoc spells out a union that a function gives or promises, of all model families in a thousand lines: the name in the source is enough. */
function nameReturned(project, signature, source) {
  const { name, type } = signature;
  const promised = type?.name === 'Promise' ? type.typeArguments?.[0] : undefined;
  const union = promised ?? type;
  if (union?.type !== 'union' || !(promised || union.types.every((each) => each.type === 'reflection'))) return;
  const returned = new RegExp(`function ${name}\\b[\\s\\S]*?\\): (?:Promise<)?(\\w+)>? \\{`).exec(source)?.[1];
  const alias = project.getReflectionsByKind(ReflectionKind.TypeAlias).find((each) => each.name === returned);
  if (!alias) return;
  const reference = ReferenceType.createResolvedReference(alias.name, alias, project);
  if (promised) type.typeArguments = [reference];
  else signature.type = reference;
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

/** The first page of an entry that is split: what each of its files exports. */
function writeContents({ name, description }, project) {
  const module = project.children.find((child) => child.name === name);
  const parts = module.children.filter((child) => child.kindOf(ReflectionKind.Module));
  if (parts.length === 0) return;
  const rows = parts.map((part) => {
    const names = part.children.map((child) => `\`${child.name}\``);
    return `| [${part.name}](./${part.name}.md) | ${names.join(', ')} |`;
  });
  const text = `# ${name}\n\n${description}\n\n| page | exports |\n|---|---|\n${rows.join('\n')}\n`;
  writeFileSync(join(docs, 'api', name, 'index.md'), text);
}

function index() {
  const rows = entries().map(({ name, page, description }) => {
    const what = name.endsWith('/node') ? `what of \`${name.replace('/node', '')}\` needs Node` : description;
    return `| [\`${name}\`](${page.replace(/^api/, '.')}.md) | ${what} |`;
  });
  return `# API reference\n\nGenerated from the sources.\n\n| import | what it is |\n|---|---|\n${rows.join('\n')}\n`;
}
