/** One model, as an application would import it: `tooling/check-browser.mjs` weighs it. */
export { inference, init } from '@gmlp/layers';
export { gmlpMaskedLanguage } from '@gmlp/models';
