/** Text in a cell of a Markdown table, that a page shows as it is. */
export const cell = (text) =>
  text.replaceAll('|', '\\|').replace(/`[^`]*`|[<>]/g, (part) => ({ '<': '&lt;', '>': '&gt;' })[part] ?? part);
