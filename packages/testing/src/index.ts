export { type Appearance, appearances, chromium, openChromium, skippedWithoutChromium } from './chromium.ts';
export { type ClosenessOptions, expectAllClose, expectClose, largestMagnitude, relativeError, tolerances } from './closeness.ts';
export { type FiniteDifferenceOptions, finiteDifferences, type HostFunction } from './finite-differences.ts';
export { type Fixture, fixture, requireFixtures } from './fixture.ts';
