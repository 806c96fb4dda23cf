/** A recipe that trains a saved image model further, on images of one's own. */
import { GmlpError } from '@gmlp/base';
import { loadWeights } from '../saved-model/weights-to-begin-with.ts';
import { folderNameFor } from './folder-name.ts';
import { imagePlaces } from './image-places.ts';
import type { Recipe } from './recipe.ts';
import { recipeForTrained } from './recipe-for-images.ts';

export async function recipeFromWeights({ path, from }: { readonly path: string; readonly from: string }): Promise<Recipe> {
  const places = await imagePlaces(path);
  if (places === undefined) {
    throw new GmlpError(
      'invalid-argument',
      `--from trains on images, in a folder with a folder for each class, or in a tar of one: ${path} is neither`,
      { path },
    );
  }
  return recipeForTrained({ ...places, from, name: `finetuned-${folderNameFor(path)}` }, await loadWeights(from));
}
