/** One layer, as an application would import it: `tooling/check-browser.mjs` weighs it. */
export { gmlpBlock, inference, init } from '@gmlp/layers';
