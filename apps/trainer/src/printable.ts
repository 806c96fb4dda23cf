/**
 * Text of any origin for a terminal: control characters, which could move the cursor or rename the window, are shown as
 * U+FFFD. Line ends and tabs stay, and so do the marks that give a text its direction.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** JSON for a terminal: the control characters that JSON leaves in its strings are escaped, so that the values stay what they are. */
export function printableJson(text: string): string {
  return text.replace(/[\u007f-\u009f]/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`);
}
