const lone = /\p{Surrogate}/gu;

/** Half of a surrogate pair is no character: it becomes U+FFFD, as whenever a string is written as UTF-8. */
export function wellFormed(text: string): string {
  return text.replace(lone, '\uFFFD');
}
