/** A recipe for what somebody has: a text, or images. */
import { GmlpError } from '@gmlp/base';
import { createModel, type VariantName, variants } from '@gmlp/models';
import { taskFor, taskOf } from '../tasks/table.ts';
import { holdsImages } from './holds-images.ts';
import type { Recipe } from './recipe.ts';
import { recipeForText, type TextChoice } from './recipe-for-text.ts';

export async function recipeFor({ path, variant, name }: TextChoice): Promise<Recipe> {
  const config = variants.find((each) => each.name === (variant as VariantName))?.config;
  const task = config && taskFor(createModel(config).config);
  const ofImages = task !== undefined && taskOf(task).unit === 'images';
  const images = (ofImages || variant === undefined) && path !== undefined && (await holdsImages(path));
  if (images) return (await import('./recipe-for-images.ts')).recipeForImages({ path, variant, name });
  if (!ofImages) return recipeForText({ path, variant, name });
  const there = path === undefined ? 'name one with --data' : `${path} is neither`;
  throw new GmlpError(
    'invalid-argument',
    `${variant} learns from images, in a folder with a folder for each class, or in a tar of one: ${there}`,
    { variant, path },
  );
}
