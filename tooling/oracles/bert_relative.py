"""torch-bert-relative, torch-bert-noattn: a pre-norm BERT with T5's relative positions, with and without the content of attention."""

import math

import torch
from torch.nn import functional as F

from fixture_set import drawn, write

shared = {
    "family": "bert",
    "vocabulary": 13,
    "tokens": 40,  # far enough for buckets that several distances share
    "channels": 8,
    "hiddenChannels": 12,
    "heads": 2,
    "layers": 2,
    "positions": "relative",
    "normPlacement": "pre",
    "epsilon": 1e-6,
    "head": {"tied": True, "transform": True, "bias": True},
}
buckets, maximum_distance, ignored = 32, 128, -100
vocabulary, tokens, channels, hidden, heads, layers = (
    shared[name] for name in ("vocabulary", "tokens", "channels", "hiddenChannels", "heads", "layers")
)
batch, counted_tokens = 2, 33


def bucket(distance):
    """Of a key so many places after its query (Raffel and others, 2020)."""
    half, exact, far = buckets // 2, buckets // 4, abs(distance)
    within = far if far < exact else exact + int(math.log(far / exact) / math.log(maximum_distance / exact) * (half - exact))
    return min(within, half - 1) + (half if distance > 0 else 0)


def parameters(generator, content):
    named = {}

    def dense(name, inputs, outputs):
        named[f"{name}.weight"] = drawn(generator, inputs, outputs, scale=inputs**-0.5)
        named[f"{name}.bias"] = drawn(generator, outputs, scale=0.2)

    def norm(name):
        named[f"{name}.scale"] = drawn(generator, channels, scale=0.2, shift=1.0)
        named[f"{name}.offset"] = drawn(generator, channels, scale=0.2)

    named["embedding.weight"] = drawn(generator, vocabulary, channels)
    named["relativePositions.weight"] = drawn(generator, buckets, heads)
    for layer in range(layers):
        norm(f"blocks.{layer}.attentionNorm")
        for part in ("query", "key", "value", "output") if content else ("value", "output"):
            dense(f"blocks.{layer}.attention.{part}", channels, channels)
        norm(f"blocks.{layer}.mlpNorm")
        dense(f"blocks.{layer}.mlp.expand", channels, hidden)
        dense(f"blocks.{layer}.mlp.contract", hidden, channels)
    norm("norm")
    dense("head.transform.dense", channels, channels)
    norm("head.transform.norm")
    named["head.bias"] = drawn(generator, vocabulary, scale=0.2)
    return named


def forward(p, ids, mask, content):
    def dense(name, x):
        return x @ p[f"{name}.weight"] + p[f"{name}.bias"]

    def norm(name, x):
        return F.layer_norm(x, (channels,), p[f"{name}.scale"], p[f"{name}.offset"], shared["epsilon"])

    table = torch.tensor([[bucket(key - query) for key in range(tokens)] for query in range(tokens)])
    position = p["relativePositions.weight"][table].permute(2, 0, 1)  # [heads, queries, keys]
    x = p["embedding.weight"][ids]
    for layer in range(layers):
        name = f"blocks.{layer}.attention"
        normed = norm(f"blocks.{layer}.attentionNorm", x)

        def split(part):
            return dense(f"{name}.{part}", normed).unflatten(-1, (heads, channels // heads)).transpose(1, 2)

        scores = position.expand(batch, -1, -1, -1)
        if content:
            scores = scores + split("query") @ split("key").transpose(-1, -2) / math.sqrt(channels // heads)
        weights = scores.masked_fill(~mask[:, None, None, :], -math.inf).softmax(-1)
        x = x + dense(f"{name}.output", (weights @ split("value")).transpose(1, 2).flatten(-2))
        between = F.gelu(dense(f"blocks.{layer}.mlp.expand", norm(f"blocks.{layer}.mlpNorm", x)))
        x = x + dense(f"blocks.{layer}.mlp.contract", between)
    transformed = norm("head.transform.norm", F.gelu(dense("head.transform.dense", norm("norm", x))))
    return transformed @ p["embedding.weight"].T + p["head.bias"]


for set_name, content, seed in (("torch-bert-relative", True, 2105), ("torch-bert-noattn", False, 8050)):
    generator = torch.Generator().manual_seed(seed)
    named = parameters(generator, content)
    ids = torch.randint(vocabulary, (batch, tokens), generator=generator)
    mask = torch.ones(batch, tokens, dtype=torch.bool)
    mask[1, counted_tokens:] = False
    chosen = (torch.rand(batch, tokens, generator=generator) < 0.3) & mask
    labels = torch.where(chosen, torch.randint(vocabulary, (batch, tokens), generator=generator), ignored)
    logits = forward(named, ids, mask, content)
    loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=ignored)
    loss.backward()
    write(
        set_name,
        {**shared, "content": content},
        param=named,
        inputs={"ids": ids, "mask": mask.int(), "labels": labels},
        outputs={"logits": logits, "loss": loss},
        gradients={name: value.grad for name, value in named.items()},
    )
