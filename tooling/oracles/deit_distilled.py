"""timm-deit-distilled: timm's DeiT with a distillation token, two blocks of it, with its two heads.

`logits` and `loss` are as timm evaluates it, with the mean of both heads; `distillation_loss` is hard distillation (Touvron and
others, 2021) of what timm gives where it trains with a teacher. `picture` is of 8 bits, and goes through timm's normalisation
with mean and deviation 0.5 to `picture_logits`.

Needs timm besides torch and safetensors.
"""

import timm
import torch
from timm.models.deit import VisionTransformerDistilled
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
size, patch, classes, channels = (config[key] for key in ("img_size", "patch_size", "num_classes", "embed_dim"))
hidden, tokens = channels * config["mlp_ratio"], (size // patch) ** 2

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

image = drawn(generator, 3, 3, size, size).detach()
label, teacher = torch.tensor([0, 6, 3]), torch.tensor([2, 6, 1])
picture = torch.randint(256, (size, size, 3), generator=generator)

model = VisionTransformerDistilled(**{name: value for name, value in config.items() if name != "distilled"}).double()
model.load_state_dict({name: value.detach() for name, value in params.items()}, strict=True)
leaves = dict(model.named_parameters())


def gradients(loss, name):
    found = torch.autograd.grad(loss, [leaves[each] for each in params])
    return {f"{name}.{each}": value for each, value in zip(params, found)}


model.eval()
logits = model(image)
loss = functional.cross_entropy(logits, label)
shown = (picture.permute(2, 0, 1)[None].double() / 255 - 0.5) / 0.5
picture_logits = model(shown)[0]

model.train()
model.set_distilled_training(True)
classification, distillation = model(image)
distillation_loss = (functional.cross_entropy(classification, label) + functional.cross_entropy(distillation, teacher)) / 2

write(
    "timm-deit-distilled",
    config,
    param=params,
    inputs={"image_nchw": image, "label": label, "teacher": teacher, "picture": picture},
    outputs={
        "logits": logits,
        "classification": classification,
        "distillation": distillation,
        "loss": loss,
        "distillation_loss": distillation_loss,
        "picture_logits": picture_logits,
    },
    gradients={**gradients(loss, "loss"), **gradients(distillation_loss, "distillation_loss")},
    source=f"timm {timm.__version__}, torch {torch.__version__} float64, rounded to float32",
)
