import { expect, it } from 'vitest';
import { inClone, installCommand } from './install-command.ts';

it('is of the package manager that has put this package where it is', () => {
  const by = (here: string) => installCommand(['a', 'b'], here);
  expect(by('file:///home/me/node_modules/@gmlp/devices/dist/install-command.js')).toBe('npm install a b');
  expect(by('file:///home/me/node_modules/.pnpm/@gmlp+devices@1.0.0/node_modules/@gmlp/devices/dist/x.js')).toBe('pnpm add a b');
  expect(by('https://example.com/assets/page.js')).toBe('npm install a b');
});

it('a clone is told from a package that was installed, and from a page', () => {
  expect(inClone('file:///home/me/gmlp/packages/devices/dist/install-command.js')).toBe(true);
  expect(inClone('file:///home/me/node_modules/@gmlp/devices/dist/install-command.js')).toBe(false);
  expect(inClone('https://example.com/assets/page.js')).toBe(false);
});
