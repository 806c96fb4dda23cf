/** What a command is told of images: a path, or a description as `openImageSource` takes it, in JSON. */
import { GmlpError, plainMessage } from '@gmlp/base';
import type { ImageSource } from '@gmlp/vision';
import { describeImages, type ImageSourceDescription, type OpenImageSourceOptions, openImageSource } from '@gmlp/vision/node';

const isDescription = (given: string): boolean => given.trimStart().startsWith('{"');

export async function imageDescription(given: string, signal: AbortSignal): Promise<ImageSourceDescription> {
  if (!isDescription(given)) return describeImages(given, { signal });
  try {
    return JSON.parse(given) as ImageSourceDescription; // openImageSource checks it
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GmlpError('invalid-argument', `imageDescription: the description is no JSON: ${reason}`, {}, { cause });
  }
}

/** Opens what a path was taken for; where that cannot be, the error says what it was, and how to say it otherwise. */
export async function openDescribed(
  description: ImageSourceDescription,
  given: string,
  options: OpenImageSourceOptions,
): Promise<ImageSource> {
  return openImageSource(description, options).catch((error: unknown) => {
    if (isDescription(given) || !GmlpError.isInstance(error) || error.code === 'aborted') throw error;
    const advice = `(taken for ${JSON.stringify(description)}; if it is something else, give such a description in place of the path)`;
    throw new GmlpError(error.code, `openDescribed: ${plainMessage(error)}\n${advice}`, error.fields, { cause: error });
  });
}
