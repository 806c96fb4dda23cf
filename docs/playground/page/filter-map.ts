/**
 * A spatial weight as an image: one pixel a pair of tokens, blue above zero, orange below, the more opaque the further from
 * zero. Weights begin near zero, so the scale has a floor: what is drawn fades in as the model learns.
 */
import type { HostArray } from '@gmlp/base';
import { spatialFilter } from '@gmlp/layers';
import { defineComponent, h, onMounted, type PropType, useTemplateRef, watch } from 'vue';

const above = [42, 120, 214] as const;
const below = [224, 112, 26] as const;
/** A weight so large is fully opaque, unless there are larger ones. */
const floor = 0.02;

/** RGBA [tokens, tokens]. */
export function filterPixels(matrix: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const largest = matrix.reduce((max, value) => Math.max(max, Math.abs(value)), floor);
  const pixels = new Uint8ClampedArray(matrix.length * 4);
  matrix.forEach((value, index) => {
    const strength = Math.sqrt(Math.abs(value) / largest); // the root shows small weights too
    pixels.set([...(value >= 0 ? above : below), Math.round(255 * strength)], 4 * index);
  });
  return pixels;
}

export const FilterMap = defineComponent({
  props: {
    weight: { type: Object as PropType<HostArray>, required: true },
    tokens: { type: Number, required: true },
    causal: { type: Boolean, required: true },
    label: { type: String, required: true },
  },
  setup(props) {
    const canvas = useTemplateRef<HTMLCanvasElement>('canvas');
    const draw = (): void => {
      const context = canvas.value?.getContext('2d');
      if (!context) return;
      const form = props.weight.shape.length === 1 ? 'toeplitz' : 'dense';
      const { matrix, tokens } = spatialFilter(props.weight, form, { causal: props.causal });
      context.putImageData(new ImageData(filterPixels(matrix), tokens, tokens), 0, 0);
    };
    onMounted(draw);
    watch(() => props.weight, draw, { flush: 'post' });
    return () =>
      h('figure', { class: 'pg-map' }, [
        h('canvas', { ref: 'canvas', width: props.tokens, height: props.tokens, role: 'img', 'aria-label': props.label }),
        h('figcaption', props.label),
      ]);
  },
});
