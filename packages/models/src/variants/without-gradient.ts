/** Why no gradient reaches a bias. */

export const softmaxTakesAway = 'it adds the same to all scores of a query, which the softmax takes away';

export const normsTakeAway = 'it moves all channels of a token alike, which every layer norm after it takes away';
