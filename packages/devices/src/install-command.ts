/** The command that installs packages where this one is installed: npm's, unless pnpm has put it there. */
export function installCommand(packages: readonly string[], here: string = import.meta.url): string {
  return `${here.includes('/node_modules/.pnpm/') ? 'pnpm add' : 'npm install'} ${packages.join(' ')}`;
}

/** Whether this package is a folder of its repository, in which npm installs nothing. */
export const inClone = (here: string = import.meta.url): boolean => here.startsWith('file:') && !here.includes('/node_modules/');
