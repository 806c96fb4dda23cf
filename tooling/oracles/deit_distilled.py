"""torch-deit-distilled: a two-block DeiT with a distillation token and its two heads, by the names and layouts of timm.

`loss` is that of the averaged logits, as in use; `distillation_loss` that of hard distillation (Touvron and others, 2021).
"""

import torch
from torch.nn import functional

from fixture_set import drawn, write

config = {
    "img_size": 16,
    "patch_size": 4,
    "num_classes": 7,
    "depth": 2,
    "embed_dim": 24,
    "num_heads": 3,
    "mlp_ratio": 4,
    "distilled": True,
}
size, patch, classes, channels, heads = (config[key] for key in ("img_size", "patch_size", "num_classes", "embed_dim", "num_heads"))
hidden, tokens = channels * config["mlp_ratio"], (size // patch) ** 2
epsilon = 1e-6

generator = torch.Generator().manual_seed(201212877)


def linear(name, inputs, outputs):
    return {
        f"{name}.weight": drawn(generator, outputs, inputs, scale=inputs**-0.5),
        f"{name}.bias": drawn(generator, outputs, scale=0.2),
    }


def norm(name):
    return {
        f"{name}.weight": drawn(generator, channels, scale=0.2, shift=1),
        f"{name}.bias": drawn(generator, channels, scale=0.2),
    }


params = {
    "cls_token": drawn(generator, 1, 1, channels),
    "dist_token": drawn(generator, 1, 1, channels),
    "pos_embed": drawn(generator, 1, 2 + tokens, channels, scale=0.5),
    "patch_embed.proj.weight": drawn(generator, channels, 3, patch, patch, scale=(3 * patch * patch) ** -0.5),
    "patch_embed.proj.bias": drawn(generator, channels, scale=0.2),
    **norm("norm"),
    **linear("head", channels, classes),
    **linear("head_dist", channels, classes),
}
for i in range(config["depth"]):
    params |= norm(f"blocks.{i}.norm1") | norm(f"blocks.{i}.norm2")
    params |= linear(f"blocks.{i}.attn.qkv", channels, 3 * channels) | linear(f"blocks.{i}.attn.proj", channels, channels)
    params |= linear(f"blocks.{i}.mlp.fc1", channels, hidden) | linear(f"blocks.{i}.mlp.fc2", hidden, channels)


def affine(name, x):
    return x @ params[f"{name}.weight"].T + params[f"{name}.bias"]


def normed(name, x):
    return functional.layer_norm(x, (channels,), params[f"{name}.weight"], params[f"{name}.bias"], epsilon)


def attention(name, x):
    query, key, value = (
        part.unflatten(-1, (heads, channels // heads)).transpose(1, 2) for part in affine(f"{name}.qkv", x).chunk(3, dim=-1)
    )
    scores = torch.einsum("bhnd,bhmd->bhnm", query, key) * (channels // heads) ** -0.5
    return affine(f"{name}.proj", (scores.softmax(-1) @ value).transpose(1, 2).flatten(2))


image = drawn(generator, 3, 3, size, size).detach()
label, teacher = torch.tensor([0, 6, 3]), torch.tensor([2, 6, 1])

patches = functional.conv2d(image, params["patch_embed.proj.weight"], params["patch_embed.proj.bias"], stride=patch)
batch = len(image)
x = torch.cat(
    [params["cls_token"].expand(batch, -1, -1), params["dist_token"].expand(batch, -1, -1), patches.flatten(2).transpose(1, 2)], 1
)
x = x + params["pos_embed"]
for i in range(config["depth"]):
    x = x + attention(f"blocks.{i}.attn", normed(f"blocks.{i}.norm1", x))
    x = x + affine(f"blocks.{i}.mlp.fc2", functional.gelu(affine(f"blocks.{i}.mlp.fc1", normed(f"blocks.{i}.norm2", x))))
x = normed("norm", x)
classification, distillation = affine("head", x[:, 0]), affine("head_dist", x[:, 1])
logits = (classification + distillation) / 2
loss = functional.cross_entropy(logits, label)
distillation_loss = (functional.cross_entropy(classification, label) + functional.cross_entropy(distillation, teacher)) / 2
gradients = torch.autograd.grad(loss, list(params.values()), retain_graph=True)
distillation_gradients = torch.autograd.grad(distillation_loss, list(params.values()))

write(
    "torch-deit-distilled",
    config,
    param=params,
    inputs={"image_nchw": image, "label": label, "teacher": teacher},
    outputs={
        "logits": logits,
        "classification": classification,
        "distillation": distillation,
        "loss": loss,
        "distillation_loss": distillation_loss,
    },
    gradients={
        **{f"loss.{name}": value for name, value in zip(params, gradients)},
        **{f"distillation_loss.{name}": value for name, value in zip(params, distillation_gradients)},
    },
)
