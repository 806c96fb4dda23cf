"""torch-transformer: torch.nn.Transformer without its final norms, as the paper has it, on padded pairs, under our names.

Embeddings, sinusoids and output are the paper's: one table, times sqrt(channels) where it embeds. The loss is the sum of
cross-entropies with label smoothing, padding ignored.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from fixture_set import drawn, write
from torch_names import attention, encoder_block, flat, gradient_of, norm, value_of

config = {
    "model": {
        "family": "transformer",
        "vocabulary": 17,
        "tokens": 7,
        "channels": 12,
        "hiddenChannels": 20,
        "heads": 3,
        "layers": 2,
        "padding": 0,
        "epsilon": 1e-6,
    },
    "labelSmoothing": 0.1,
    "ignoredLabel": -100,
}
sizes = config["model"]
channels = sizes["channels"]
generator = torch.Generator().manual_seed(2017)


def decoder_block(layer, of):
    return {
        **encoder_block(layer, of),
        "crossAttentionNorm": norm(layer.norm2, of),
        "crossAttention": attention(layer.multihead_attn, of),
        "mlpNorm": norm(layer.norm3, of),
    }


def sinusoids(tokens):
    positions = torch.zeros(tokens, channels, dtype=torch.float64)
    for t in range(tokens):
        for i in range(channels // 2):
            angle = t / 10_000 ** (2 * i / channels)
            positions[t, 2 * i], positions[t, 2 * i + 1] = math.sin(angle), math.cos(angle)
    return positions


form = {"dropout": 0.0, "activation": "relu", "layer_norm_eps": sizes["epsilon"], "batch_first": True}
arguments = (channels, sizes["heads"], sizes["hiddenChannels"])
model = nn.Transformer(
    channels,
    sizes["heads"],
    custom_encoder=nn.TransformerEncoder(
        nn.TransformerEncoderLayer(*arguments, **form), sizes["layers"], norm=None, enable_nested_tensor=False
    ),
    custom_decoder=nn.TransformerDecoder(nn.TransformerDecoderLayer(*arguments, **form), sizes["layers"], norm=None),
    batch_first=True,
).double()
with torch.no_grad():
    for name, value in model.named_parameters():
        scale = value.shape[-1] ** -0.5 if value.dim() > 1 else 0.2
        centre = 1.0 if "norm" in name and name.endswith("weight") else 0.0
        value.copy_(drawn(generator, *value.shape, scale=scale, shift=centre).detach())
table = drawn(generator, sizes["vocabulary"], channels, scale=channels**-0.5)

source = torch.randint(1, sizes["vocabulary"], (3, 7), generator=generator)
source[0, 4:] = source[2, 6:] = sizes["padding"]
target = torch.randint(1, sizes["vocabulary"], (3, 6), generator=generator)
labels = torch.cat([target[:, 1:], torch.randint(1, sizes["vocabulary"], (3, 1), generator=generator)], 1)
target[1, 3:], labels[1, 3:] = sizes["padding"], config["ignoredLabel"]
padded = source == sizes["padding"]
later = torch.ones(6, 6, dtype=torch.bool).triu(1)


def embedded(ids):
    return functional.embedding(ids, table) * math.sqrt(channels) + sinusoids(ids.shape[1])


decoded = model(
    embedded(source), embedded(target), tgt_mask=later, src_key_padding_mask=padded, memory_key_padding_mask=padded
)
logits = decoded @ table.T
loss = functional.cross_entropy(
    logits.flatten(0, 1),
    labels.flatten(),
    ignore_index=config["ignoredLabel"],
    label_smoothing=config["labelSmoothing"],
    reduction="sum",
)
loss.backward()


def named(of):
    tree = {"embedding": {"weight": of(table)}}
    for index, layer in enumerate(model.encoder.layers):
        tree[f"encoder.{index}"] = encoder_block(layer, of)
    for index, layer in enumerate(model.decoder.layers):
        tree[f"decoder.{index}"] = decoder_block(layer, of)
    return flat(tree)


write(
    "torch-transformer",
    config,
    param=named(value_of),
    inputs={"source": source, "target": target, "labels": labels},
    outputs={"logits": logits, "loss": loss},
    gradients=named(gradient_of),
)
