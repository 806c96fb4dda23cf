/**
 * CSV as RFC 4180 has it: fields between commas, a field in quotation marks may hold commas, line feeds and, doubled, quotation marks.
 * Written here, as a reader has to go on behind a record that is damaged, and to bound what it holds of one.
 */
const quote = 0x22;

/** Whether the quotation marks of a line leave a field open, which goes on in the next line. */
export function leavesOpen(line: Uint8Array, open: boolean): boolean {
  for (let at = line.indexOf(quote); at >= 0; at = line.indexOf(quote, at + 1)) open = !open;
  return open;
}

/** The fields of a record; `undefined` where a quotation mark stands inside a field without, or behind the end of one that has them. */
export function csvFields(record: string): readonly string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    if (record[at] === '"') {
      let end = record.indexOf('"', at + 1);
      while (end >= 0 && record[end + 1] === '"') end = record.indexOf('"', end + 2);
      if (end < 0) return undefined;
      fields.push(record.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      if (at < record.length && record[at] !== ',') return undefined;
    } else {
      const comma = record.indexOf(',', at);
      const end = comma < 0 ? record.length : comma;
      const field = record.slice(at, end);
      if (field.includes('"')) return undefined;
      fields.push(field);
      at = end;
    }
    if (at >= record.length) return fields;
  }
}
