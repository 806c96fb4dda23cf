/** What Markdown or Vue would take for something else: a tag, attributes. */
const shown = { '<': '&lt;', '>': '&gt;', '{': '&#123;', '}': '&#125;' };

/** Text in a cell of a Markdown table, that a page shows as it is. */
export const cell = (text) => text.replaceAll('|', '\\|').replace(/`[^`]*`|[<>{}]/g, (part) => shown[part] ?? part);
