"""torch-mixer-language: a two-block MLP-Mixer with a head for masked language modelling, in plain torch."""

import torch
from torch.nn import functional as F

from fixture_set import drawn, write

config = {
    "family": "mixer-language",
    "vocabulary": 13,
    "tokens": 9,
    "channels": 8,
    "hiddenChannels": 12,
    "tokenHidden": 10,
    "layers": 2,
    "epsilon": 1e-6,
    "head": {"tied": True, "transform": True, "bias": True},
}
vocabulary, tokens, channels, hidden, token_hidden, layers = (
    config[name] for name in ("vocabulary", "tokens", "channels", "hiddenChannels", "tokenHidden", "layers")
)
batch, ignored = 3, -100
generator = torch.Generator().manual_seed(534)
p = {}


def dense(name, inputs, outputs):
    p[f"{name}.weight"] = drawn(generator, inputs, outputs, scale=inputs**-0.5)
    p[f"{name}.bias"] = drawn(generator, outputs, scale=0.2)


def norm(name):
    p[f"{name}.scale"] = drawn(generator, channels, scale=0.2, shift=1.0)
    p[f"{name}.offset"] = drawn(generator, channels, scale=0.2)


p["embedding.weight"] = drawn(generator, vocabulary, channels)
for layer in range(layers):
    norm(f"blocks.{layer}.tokenNorm")
    dense(f"blocks.{layer}.tokenMixing.expand", tokens, token_hidden)
    dense(f"blocks.{layer}.tokenMixing.contract", token_hidden, tokens)
    norm(f"blocks.{layer}.channelNorm")
    dense(f"blocks.{layer}.channelMixing.expand", channels, hidden)
    dense(f"blocks.{layer}.channelMixing.contract", hidden, channels)
norm("norm")
dense("head.transform.dense", channels, channels)
norm("head.transform.norm")
p["head.bias"] = drawn(generator, vocabulary, scale=0.2)


def mapped(name, x):
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


def normed(name, x):
    return F.layer_norm(x, (channels,), p[f"{name}.scale"], p[f"{name}.offset"], config["epsilon"])


def mlp(name, x):
    return mapped(f"{name}.contract", F.gelu(mapped(f"{name}.expand", x)))


ids = torch.randint(vocabulary, (batch, tokens), generator=generator)
chosen = torch.rand(batch, tokens, generator=generator) < 0.3
labels = torch.where(chosen, torch.randint(vocabulary, (batch, tokens), generator=generator), ignored)

x = p["embedding.weight"][ids]
for layer in range(layers):
    name = f"blocks.{layer}"
    x = x + mlp(f"{name}.tokenMixing", normed(f"{name}.tokenNorm", x).mT).mT
    x = x + mlp(f"{name}.channelMixing", normed(f"{name}.channelNorm", x))
transformed = normed("head.transform.norm", F.gelu(mapped("head.transform.dense", normed("norm", x))))
logits = transformed @ p["embedding.weight"].T + p["head.bias"]
loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=ignored)
loss.backward()

write(
    "torch-mixer-language",
    config,
    param=p,
    inputs={"ids": ids, "labels": labels},
    outputs={"logits": logits, "loss": loss},
    gradients={name: value.grad for name, value in p.items()},
)
