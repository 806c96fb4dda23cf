/** The frame of a page: one file that fetches nothing, in the reader's light or dark. */
import { html, type Markup } from './html.ts';
import { style } from './style.ts';

export interface PageOptions {
  readonly title: string;
  readonly body: Markup;
  /** A script that the page may run and whose server it may ask; without one nothing runs. */
  readonly script?: { readonly source: string; readonly nonce: string };
}

/** Not in the template: compilers rewrite tagged templates that hold it, so that they may stand in a page themselves. */
const endOfScript: Markup = { markup: '</script>' };

export function page({ title, body, script }: PageOptions): string {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    ...(script ? [`script-src 'nonce-${script.nonce}'`, "connect-src 'self'"] : []),
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${body}
${script ? html`<script nonce="${script.nonce}">${{ markup: script.source }}${endOfScript}` : ''}
</body>
</html>
`.markup;
}
