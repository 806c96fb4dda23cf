/** Rows as aligned columns: text to the left, numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => (typeof value === 'number' ? value.toLocaleString('en-US') : inOneLine(value));
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => cell(row[column]!).length)));
  const line = (values: readonly (string | number)[], right: (column: number) => boolean): string =>
    values
      .map((value, column) => (right(column) ? cell(value).padStart(widths[column]!) : cell(value).padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  const numeric = (column: number): boolean => typeof rows[0]?.[column] === 'number';
  return [line(header, numeric), ...rows.map((row) => line(row, numeric))].join('\n');
}

/** What would end a row, or move what follows, as a name of a folder may: shown as U+FFFD. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const inOneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
