/**
 * Scripts that run a program of this repository say nothing of their own: stdout is the program's alone, as in
 * `pnpm gmlp recipes sotu > mine.json`, and a program that ends with an error has told it already.
 */
const programs = new Set(['gmlp', 'quickstart', 'bench']);
/** Options of pnpm that take the next word. */
const withValue = new Set(['--dir', '-C', '--filter', '-F']);

/** The script that a command line of pnpm runs, if it runs one by its name. */
function scriptOf(args) {
  const words = args.filter((word, index) => !word.startsWith('-') && !withValue.has(args[index - 1]));
  return words[0] === 'run' || words[0] === 'run-script' ? words[1] : words[0];
}

module.exports = {
  hooks: {
    updateConfig: (config) => (programs.has(scriptOf(process.argv.slice(2))) ? { ...config, reporter: 'silent' } : config),
  },
};
