"""The step benchmark in plain PyTorch, eager, on two threads: what a user would write, nothing tuned.

Answers the commands of `src/side-process.ts`. The block follows timm's SpatialGatingBlock: the spatial projection is a
Linear over the transposed tokens.
"""

import json
import pathlib
import resource
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional


class SpatialGatingUnit(nn.Module):
    def __init__(self, hidden, tokens, epsilon):
        super().__init__()
        self.norm = nn.LayerNorm(hidden // 2, eps=epsilon)
        self.spatial = nn.Linear(tokens, tokens)

    def forward(self, x):
        u, v = x.chunk(2, dim=-1)
        v = self.norm(v)
        v = self.spatial(v.transpose(-1, -2))
        return u * v.transpose(-1, -2)


class Block(nn.Module):
    def __init__(self, channels, hidden, tokens, epsilon):
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=epsilon)
        self.expand = nn.Linear(channels, hidden)
        self.activation = nn.GELU()
        self.gate = SpatialGatingUnit(hidden, tokens, epsilon)
        self.contract = nn.Linear(hidden // 2, channels)

    def forward(self, x):
        return x + self.contract(self.gate(self.activation(self.expand(self.norm(x)))))


class Model(nn.Module):
    def __init__(self, task):
        super().__init__()
        sizes = (task["channels"], task["hidden"], task["tokens"], task["normEpsilon"])
        self.blocks = nn.Sequential(*(Block(*sizes) for _ in range(task["blocks"])))
        self.norm = nn.LayerNorm(task["channels"], eps=task["normEpsilon"])
        self.head = nn.Linear(task["channels"], task["classes"])

    def forward(self, x):
        return self.head(self.norm(self.blocks(x)).mean(dim=1))


def load(model, task, values):
    """Copies the task's values into the model and returns the images. Names map one to one but for the norms."""
    targets = dict(model.named_parameters())
    offset = 0
    for tensor in task["tensors"]:
        count = int(numpy.prod(tensor["shape"]))
        value = torch.from_numpy(values[offset : offset + count].reshape(tensor["shape"]).copy())
        offset += count
        if tensor["name"] == "images":
            return value
        name = tensor["name"].replace("scale", "weight").replace("offset", "bias")
        if name.endswith(("expand.weight", "contract.weight", "head.weight")):
            value = value.T  # PyTorch keeps [out, in]
        with torch.no_grad():
            targets.pop(name).copy_(value)
        assert targets or name.startswith("head"), name
    raise ValueError("the task has no images")


def answer(**values):
    print("@ " + json.dumps(values), flush=True)


def peak_megabytes():
    """VmHWM where there is one: on Linux ru_maxrss starts at the peak of the process that forked this one."""
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main():
    torch.set_num_threads(2)
    folder = pathlib.Path(sys.argv[1])
    task = json.loads((folder / "task.json").read_text())
    model = Model(task)
    images = load(model, task, numpy.fromfile(folder / "values.f32", dtype="<f4"))
    labels = torch.tensor(task["labels"])
    settings = task["adamw"]
    optimiser = torch.optim.AdamW(
        model.parameters(),
        lr=settings["rate"],
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
        weight_decay=settings["weightDecay"],
    )

    def step():
        model.train()
        optimiser.zero_grad()
        loss = functional.cross_entropy(model(images), labels)
        loss.backward()
        before = time.perf_counter()
        optimiser.step()
        return {"loss": loss.item(), "updateMs": (time.perf_counter() - before) * 1e3}

    def forward():
        model.eval()
        with torch.no_grad():
            return {"magnitude": model(images).abs().mean().item()}

    tokens = task["batch"] * task["tokens"]
    factors = (torch.ones(tokens, task["channels"]), torch.ones(task["channels"], task["hidden"]))

    def product():
        """Milliseconds of one product of the blocks' first dense layer, its sum taken as on the other sides."""
        times = []
        for _ in range(5):
            before = time.perf_counter()
            torch.matmul(*factors).sum().item()
            times.append((time.perf_counter() - before) * 1e3)
        return sorted(times)[2]

    answer(ready=True)
    for line in sys.stdin:
        command = line.strip()
        start = time.perf_counter()
        if command == "step":
            result = step()
        elif command == "forward":
            result = forward()
        elif command == "product":
            answer(ms=product())
            continue
        elif command == "peak":
            result = {"megabytes": peak_megabytes()}
        else:
            break
        answer(ms=(time.perf_counter() - start) * 1e3, **result)


main()
