/** Markup as a template: what is put in is escaped, unless it is markup itself. Also right for SVG and quoted attributes. */

export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | readonly Content[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that cannot end a tag, an attribute or start an entity. Control characters, which no HTML may hold, are shown as U+FFFD. */
function escapeHtml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd').replace(/[&<>"']/g, (c) => entities[c]!);
}

function render(content: Content): string {
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  if ('markup' in content) return content.markup;
  return content.map(render).join('');
}

export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return { markup: strings.reduce((text, part, index) => text + render(contents[index - 1]!) + part) };
}
