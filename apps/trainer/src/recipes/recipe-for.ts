/** A recipe for what somebody has: a text, or images. */
import { GmlpError } from '@gmlp/base';
import { createModel, type VariantName, variants } from '@gmlp/models';
import { hasImageName } from '@gmlp/vision';
import { taskFor, taskOf } from '../tasks/table.ts';
import { hasImages, imagePlaces } from './image-places.ts';
import type { Recipe } from './recipe.ts';
import { recipeForText, type TextChoice } from './recipe-for-text.ts';

export async function recipeFor({ path, variant, name }: TextChoice): Promise<Recipe> {
  const config = variants.find((each) => each.name === (variant as VariantName))?.config;
  const task = config && taskFor(createModel(config).config);
  const ofImages = task !== undefined && taskOf(task).unit === 'images';
  const images = (ofImages || variant === undefined) && path !== undefined ? await imagePlaces(path) : undefined;
  if (images !== undefined) return (await import('./recipe-for-images.ts')).recipeForImages({ ...images, variant, name });
  if (!ofImages) {
    if (path !== undefined && hasImageName(path) && (await hasImages(path))) throw unsorted(path);
    return recipeForText({ path, variant, name }).catch(async (error: unknown) => {
      if (path !== undefined && variant === undefined && noText(error) && (await hasImages(path))) throw unsorted(path);
      throw error;
    });
  }
  const there = path === undefined ? 'name one with --data' : `${path} is neither`;
  throw new GmlpError(
    'invalid-argument',
    `${variant} learns from images, in a folder with a folder for each class, or in a tar of one: ${there}`,
    { variant, path },
  );
}

const noText = (error: unknown): boolean => GmlpError.isInstance(error) && (error.code === 'not-found' || error.code === 'io');

const unsorted = (path: string): GmlpError =>
  new GmlpError(
    'invalid-argument',
    `${path} has images, but in no folder for each class; a model learns from <folder>/<class>/<image>.jpg, given the folder, or from a tar of such a folder`,
    { path },
  );
