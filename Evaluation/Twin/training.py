"""What the twin's trainings share: processes, the learning rate, averages, states, and weights as Mondo reads and writes them."""
import json
import math
import os
import struct

import torch
import torch.distributed as distributed
from safetensors.torch import load_file, save_file
from torch.nn.parallel import DistributedDataParallel

from layers import to_mondo


class Processes:
    """This process among those that `torchrun` started; alone without it. Each has a GPU, where there are any."""

    def __init__(self):
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        self.together = "RANK" in os.environ
        if self.together:
            distributed.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        self.rank, self.count = (distributed.get_rank(), distributed.get_world_size()) if self.together else (0, 1)

    def learner(self, network):
        """The network, whose gradients are averaged over all processes."""
        if not self.together:
            return network
        return DistributedDataParallel(network, device_ids=[self.device.index] if self.device.type == "cuda" else None)

    def mean(self, value):
        """Of each process's value the mean."""
        if self.together:
            distributed.all_reduce(value)
            value = value / self.count
        return value

    def first(self, value):
        """What the first process has, for all: a file that it reads needn't be on every machine."""
        values = [value]
        if self.together:
            distributed.broadcast_object_list(values)
        return values[0]

    def require_same(self, network):
        """All have taken the same steps: each parameter's sum in every process shows it."""
        if not self.together:
            return
        mine = torch.stack([p.detach().double().sum() for p in network.parameters()])
        sums = [torch.zeros_like(mine) for _ in range(self.count)]
        distributed.all_gather(sums, mine)
        if any(not torch.equal(s, sums[0]) for s in sums):
            raise SystemExit("the processes' networks have come apart")

    def close(self):
        if self.together:
            distributed.destroy_process_group()


def rate(step, steps, peak, last):
    """A linear rise over 200 steps at most, then half a cosine: `Training` in Swift."""
    warmup = min(200, steps // 10)
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = min(1, (step - warmup) / max(1, steps - warmup))
    return last + (peak - last) * 0.5 * (1 + math.cos(math.pi * progress))


def adam(network):
    """AdamW as `TrainingState` in Swift has it: what has one axis doesn't decay."""
    parameters = list(network.parameters())
    groups = [
        {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": 0.01},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0},
    ]
    return torch.optim.AdamW(groups, fused=parameters[0].device.type == "cuda")


class Average:
    """Of the parameters over the latest steps: as many as there have been, at most about a thousand."""

    def __init__(self, network, decay=0.999):
        self.decay, self.steps = decay, 0
        self.values = {name: value.detach().clone() for name, value in network.named_parameters()}

    @torch.no_grad()
    def update(self, network):
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps)) if self.steps else 0
        self.steps += 1
        torch._foreach_lerp_(list(self.values.values()), [p.detach() for p in network.parameters()], 1 - decay)


def save_state(path, state):
    """Whole or not at all: whenever a process is killed, the state before is there."""
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def load_state(path, settings):
    """A training's state; None where none was kept yet."""
    if not path or not os.path.exists(path):
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        begun = state["settings"]
    except Exception:
        raise SystemExit(f"{path}: this is no state of a training")
    different = sorted(key for key in settings.keys() | begun.keys() if settings.get(key) != begun.get(key))
    if different:
        told = ", ".join(f"{key} {begun.get(key)} there, {settings.get(key)} here" for key in different)
        raise SystemExit(f"{path}: the training that was begun here is another one ({told})")
    return state


def write_weights(path, kind, configuration, tensors, measured, card):
    """In bfloat16 and Mondo's layout; what was measured, not learnt, as it is."""
    stored = {name: to_mondo(name, value.detach().cpu().to(torch.bfloat16)) for name, value in tensors.items()}
    stored |= {name: value.detach().cpu().float().contiguous() for name, value in measured.items()}
    header = {"format": "mondo-weights/1", "kind": kind, "configuration": json.dumps(configuration), **card}
    save_file(stored, path + ".part", metadata=header)
    os.replace(path + ".part", path)


def read_weights(path, kind):
    """The configuration and the tensors of weights as Mondo writes them; channels go back to where PyTorch has them."""
    try:
        with open(path, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))["__metadata__"]
        configuration = json.loads(header["configuration"])
    except OSError as error:
        raise SystemExit(f"{path}: cannot read the weights: {error.strerror}")
    except (ValueError, KeyError, struct.error, MemoryError, OverflowError):
        raise SystemExit(f"{path}: these are no weights of Mondo")
    if header.get("kind") != kind:
        raise SystemExit(f"{path}: it holds a {header.get('kind')}, and a {kind} is needed")
    back = lambda x: x.movedim(-1, 1) if x.dim() > 2 else x
    return configuration, {name: back(value).float() for name, value in load_file(path).items()}
