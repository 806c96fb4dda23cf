import { deviceNames } from '@gmlp/devices/node';
import { expect, it } from 'vitest';
import { deviceOption } from './device-option.ts';

it('the choices are the devices that Node has, in the order in which auto tries them', () => {
  expect(deviceOption().argChoices).toEqual(['auto', ...deviceNames]);
});
