"""torch-transformer-layers: torch.nn's attention and encoder layers, with masks and score biases, under our names."""

import torch
from torch import nn

from fixture_set import drawn, write
from torch_names import attention, encoder_block, flat, gradient_of, value_of

config = {"batch": 2, "queries": 5, "keys": 7, "channels": 12, "memoryChannels": 10, "heads": 3, "hiddenChannels": 20, "epsilon": 1e-6}
batch, queries, keys, channels, heads = (config[key] for key in ("batch", "queries", "keys", "channels", "heads"))
generator = torch.Generator().manual_seed(1706)


def randomise(module):
    """Values that are float32 numbers, computed with in float64."""
    module.double()
    with torch.no_grad():
        for name, value in module.named_parameters():
            scale = value.shape[-1] ** -0.5 if value.dim() > 1 else 0.2
            centre = 1.0 if name.startswith("norm") and name.endswith("weight") else 0.0
            value.copy_(drawn(generator, *value.shape, scale=scale, shift=centre).detach())
    return module


x = drawn(generator, batch, queries, channels)
memory = drawn(generator, batch, keys, config["memoryChannels"])
bias = drawn(generator, 1, heads, queries, keys)  # of a relative position, say: the same for all samples
self_bias = drawn(generator, 1, heads, queries, queries)
counted = torch.ones(batch, keys, dtype=torch.bool)
counted[0, 5:] = False
self_counted = torch.ones(batch, queries, dtype=torch.bool)
self_counted[1, 3:] = False

cross = randomise(
    nn.MultiheadAttention(channels, heads, batch_first=True, kdim=config["memoryChannels"], vdim=config["memoryChannels"])
)
blocks = {
    placement: randomise(
        nn.TransformerEncoderLayer(
            channels,
            heads,
            config["hiddenChannels"],
            dropout=0.0,
            activation=activation,
            layer_norm_eps=config["epsilon"],
            batch_first=True,
            norm_first=placement == "pre",
        )
    )
    for placement, activation in (("pre", "gelu"), ("post", "relu"))
}


def per_head(scores, padding):
    """One float mask a sample and head, as torch takes it, padding included."""
    hidden = torch.zeros(padding.shape, dtype=torch.float64).masked_fill(~padding, float("-inf"))
    return (scores + hidden[:, None, None, :]).flatten(0, 1)


outputs = {"cross": cross(x, memory, memory, attn_mask=per_head(bias, counted), need_weights=False)[0]}
for placement, block in blocks.items():
    outputs[placement] = block(x, src_mask=per_head(self_bias, self_counted))
weights = {name: drawn(generator, *value.shape) for name, value in outputs.items()}
loss = sum((value * weights[name]).sum() for name, value in outputs.items())

loss.backward()


def named(of):
    return flat({"cross": attention(cross, of), **{placement: encoder_block(block, of) for placement, block in blocks.items()}})


scores = {"bias": bias, "selfBias": self_bias}
write(
    "torch-transformer-layers",
    config,
    param=named(value_of),
    inputs={
        "x": x,
        "memory": memory,
        "counted": counted.int(),
        "selfCounted": self_counted.int(),
        **scores,
        **{f"weights.{name}": value for name, value in weights.items()},
    },
    outputs={"loss": loss, **outputs},
    gradients={**named(gradient_of), "x": x.grad, "memory": memory.grad, **{name: value.grad for name, value in scores.items()}},
)
