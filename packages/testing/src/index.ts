export { type AskedPage, type AskedPageOptions, openAskedPage } from './asked-page.ts';
export { type Appearance, appearances, chromium, openChromium, skippedWithoutChromium, softwareWebgpu } from './chromium.ts';
export { type ClosenessOptions, expectAllClose, expectClose, largestMagnitude, relativeError, tolerances } from './closeness.ts';
export { type FiniteDifferenceOptions, finiteDifferences, type HostFunction } from './finite-differences.ts';
export { type Fixture, fixture, requireFixtures } from './fixture.ts';
export { contentType, isolation, type LocalServer, startLocalServer } from './local-server.ts';
export { type ServedPage, servePage } from './serve-page.ts';
export { answer, type Misbehave, type RangeServer, serveRanges } from './serve-ranges.ts';
export { skippedWithoutVulkan, vulkan } from './vulkan.ts';
