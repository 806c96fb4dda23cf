/**
 * Registers TF.js's own gradients, which `@tensorflow/tfjs-core` alone does not do. Bundlers resolve the file below and share
 * it with the rest of TF.js. Node cannot load it (an ES module with imports that lack their extensions), so there
 * `#register-gradients` is a build of this file with the gradients inside (package.json, "imports"; tsdown.config.ts).
 * The engine and its registries are globals of the process: a second copy of the code finds them, and registering twice
 * changes nothing. TF.js's core comes first, as it is the copy that must set up the globals.
 */
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
