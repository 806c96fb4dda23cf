/**
 * TF.js's own gradients, for Node: `@tensorflow/tfjs-core` resolves there to a CommonJS bundle without them, and Node cannot
 * load the file that registers them (extensionless imports). This package's build bundles that file. The registry is a
 * global of the process, so registering twice changes nothing.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
