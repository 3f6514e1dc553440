"""Trains the joint transformer in PyTorch on the latents of `mondo train latents`, on as many processes, GPUs and machines as there are.

    pip install torch numpy safetensors
    mondo train latents DATA… -o latents
    torchrun --nproc-per-node 8 Evaluation/Twin/train_transformer.py latents -o transformer.safetensors --stretches 32 --state state.pt
    mondo train transformer DATA --measure transformer.safetensors

Reads and writes the weights that Mondo does (`--from` begins with some). What is asked, how errors count and how fast is learnt is as in
Swift, and comes with the latents. A step sees `stretches` × processes of them: stretches of like size are filled up to one size and go
through the network at once, for its layers are small and a GPU would wait for one after the other; Swift, which has none to feed, takes
them singly. Of a clip only the stretch is read, by `--workers` processes beside each of these.

With `--state` a training goes on from that file, which is written every minute: killed and begun again by the same command, it comes to
the same losses, by any number of processes that makes as many stretches in all.
"""
import argparse
import json
import time

import torch
import torch.nn as nn
from torch.utils.data import DataLoader

from generator import JointTransformer
from latents import LatentSet, UnreadableClip
from questions import Batches, Questions, batched
from training import Average, Processes, adam, load_state, rate, read_weights, save_state, write_weights

# The least 1 − t that errors are divided by: `FlowMatching` in Swift.
LEAST_REST = 0.4
# Questions on held-out clips, of which there are as many as clips, at most.
MEASURED = 64


def built(c):
    """A network of Mondo's configuration."""
    return JointTransformer(
        c["width"], c["heads"], c["depth"], c["videoLatentWidth"], c["soundLatentWidth"], c["controlChannels"], c["vocabulary"],
        c["captionLength"], c["styles"])


def begin(network):
    """Random parameters as Mondo draws them: what is added to what is known, and what conditions add later, is nothing at first."""
    zeros = [network.places, network.sound_base, network.caption, network.modulation, network.last, network.video_out,
             network.sound_out, network.sound_change]
    for module in network.modules():
        if isinstance(module, nn.Linear):
            (nn.init.zeros_ if module in zeros else nn.init.xavier_uniform_)(module.weight)
            nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)


class FlowMatching:
    """What is lost on a batch of questions: `FlowMatching`, `FlowQuestion` and `ResidualSpace` in Swift."""

    def __init__(self, latents, device):
        measured = {name: value.to(device) for name, value in latents.measured.items()}
        deviation = lambda name, copies: measured["residual." + name].repeat(copies)
        # Each number of a token has its latent's.
        self.plain, self.flat, self.sound = deviation("deviation", 16), deviation("flat_deviation", 16), deviation("sound_deviation", 4)
        self.significance, self.sound_significance = measured["significance"], measured["sound_significance"]
        self.sound_weight = latents.about["objective"]["soundWeight"]

    def __call__(self, network, x, noise):
        """The mean over the questions; `noise` is of video and of sound, float32."""
        column = lambda values: values[:, None, None]
        has_base, has_sound_base, known = (column(x["told." + part]) for part in ("base", "sound_base", "known"))
        # What is denoised: of a base what it lacks, in units of its deviation; else what a beginning that stands still lacks.
        plain = has_base * (1 - column(x["is_flat"]))
        flat = has_base * column(x["is_flat"])
        deviation = plain * self.plain + flat * self.flat + (1 - has_base)
        offset = has_base * x["base"].float() + (1 - has_base) * known * x["still"]
        sound_deviation = has_sound_base * self.sound + (1 - has_sound_base)
        answer = (x["video"].float() - offset) / deviation, (x["sound"] - has_sound_base * x["sound_base"]) / sound_deviation
        t = column(x["t"]).float()
        noised = [t * a + (1 - t) * n for a, n in zip(answer, noise)]

        given = {key: x[key] for key in ("places", "t", "rate", "positions", "base", "controls", "known", "bodies", "contacts", "words",
                                         "style", "is_flat", "sound_base", "real")}
        if not torch.is_autocast_enabled(t.device.type):
            given |= {key: given[key].float() for key in ("base", "controls")}
        told = {key.removeprefix("told."): value for key, value in x.items() if key.startswith("told.")}
        predicted = network(noised[0], sound=noised[1], told=told, **given)

        # Errors count as they show, and in all spaces as much in all; tokens that fill up count nothing.
        shown = self.significance * deviation ** 2
        heard = self.sound_significance * sound_deviation ** 2
        numbers = shown.shape[-1]
        squares = [(p.float() - a) ** 2 for p, a in zip(predicted, answer)]
        tokens, heard_tokens = squares[0].shape[1], squares[1].shape[1]
        real, real_sound = x["real"][:, :tokens, None], x["real"][:, tokens:tokens + heard_tokens, None]
        over = lambda values, there: (values * there).sum((1, 2)) / (there.sum((1, 2)) * values.shape[2])
        video = over(squares[0] * x["weights"] * (shown / shown.mean(-1, keepdim=True)), real)
        sound = over(squares[1] * (heard / heard.mean(-1, keepdim=True)), real_sound)
        rest = (1 - x["t"]).clamp(min=LEAST_REST).float()
        return ((video + self.sound_weight * sound) / rest ** 2).mean()


def noise(batch, places, seed, device):
    """Of video and sound, each question's a function of the seed and its number; `places` are the numbers with the tokens of both."""
    result = [torch.zeros(batch[name].shape, device=device) for name in ("video", "sound")]
    for k, (number, *tokens) in enumerate(places):
        generator = torch.Generator(device).manual_seed((seed * 0x9E3779B97F4A7C15 + number) % (1 << 63))
        for values, count in zip(result, tokens):
            values[k, :count].normal_(generator=generator)
    return result


def collated(questions):
    """For a loader: the batch, and its questions' numbers and tokens."""
    return batched(questions), [(q["number"], len(q["video"]), len(q["sound"])) for q in questions]


class Feed:
    """Batches on the device, made by processes beside this one."""

    def __init__(self, questions, batches, workers, processes):
        pinned = processes.device.type == "cuda"
        self.loader = DataLoader(
            questions, batch_sampler=batches, collate_fn=collated, num_workers=workers, pin_memory=pinned,
            prefetch_factor=2 if workers else None)
        self.device, self.seed = processes.device, questions.seed

    def __iter__(self):
        try:
            for batch, places in self.loader:
                batch = {name: value.to(self.device, non_blocking=True) for name, value in batch.items()}
                yield batch, noise(batch, places, self.seed, self.device)
        except UnreadableClip as error:
            # A process that reads sends its own story along.
            raise SystemExit(str(error).strip().splitlines()[-1].removeprefix("latents.UnreadableClip: "))


def measured(network, average, objective, latents, options, processes, cast):
    """The averaged network's loss on clips that training leaves out, by the same questions every time; None where there are none."""
    clips = latents.held_out[:MEASURED]
    if not len(clips):
        return None
    places = [(k, int(clip)) for k, clip in enumerate(clips)][processes.rank::processes.count]
    batches = [places[k:k + options.stretches] for k in range(0, len(places), options.stretches)]
    averaged = lambda *given, **named: torch.func.functional_call(network, average.values, given, named)
    total = torch.zeros((), device=processes.device)
    with torch.no_grad(), cast():
        for (batch, drawn), places in zip(Feed(Questions(latents, options.configuration, 1 << 40), batches, 0, processes), batches):
            total += objective(averaged, batch, drawn) * len(places)
    return processes.mean(total).item() * processes.count / len(clips)


def mean(values):
    return sum(values) / len(values)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("latents", nargs="+", help="folders of 'mondo train latents'")
    parser.add_argument("-o", "--output", required=True, help="the weights")
    parser.add_argument("--from", dest="begin", help="begin with these weights instead of random ones")
    parser.add_argument("--state", help="where the training is kept, and gone on from")
    parser.add_argument("--keep-every", type=float, default=60, metavar="SECONDS", help="how often the state is written")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--stretches", type=int, help="of a step, in each process")
    parser.add_argument("--learning-rate", type=float, help="the highest; the last falls with it")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--width", type=int, help="of a network that is begun anew, as --heads and --depth")
    parser.add_argument("--heads", type=int)
    parser.add_argument("--depth", type=int)
    parser.add_argument("--workers", type=int, help="processes that read, beside each of these; by default 8 beside a GPU and none else")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], help="by default bfloat16 on a GPU")
    parser.add_argument("--every", type=int, default=100, help="steps after which the loss is told; ten times as many until that on "
                        "held-out clips")
    return parser.parse_args()


def main():
    options = arguments()
    latents = LatentSet(options.latents)
    processes = Processes()
    device = processes.device
    objective, schedule = latents.about["objective"], latents.about["schedule"]
    options.steps = options.steps or schedule["steps"]
    options.stretches = options.stretches or objective["stretches"]
    options.workers = options.workers if options.workers is not None else 8 if device.type == "cuda" else 0
    options.precision = options.precision or ("bfloat16" if device.type == "cuda" else "float32")
    peak = options.learning_rate or schedule["learningRate"]
    last = schedule["lastLearningRate"] * peak / schedule["learningRate"]
    cast = lambda: torch.autocast(device.type, torch.bfloat16, enabled=options.precision == "bfloat16")
    torch.set_float32_matmul_precision("high")

    configuration = latents.configuration | {
        key: value for key in ("width", "heads", "depth") if (value := getattr(options, key)) is not None}
    if options.begin:
        stored, tensors = read_weights(options.begin, "transformer")
        different = [key for key in configuration if key in stored and stored[key] != configuration[key]
                     and (key not in ("width", "heads", "depth") or getattr(options, key) is not None)]
        if different or stored.get("borrowsWords"):
            raise SystemExit(f"{options.begin}: these weights are of another network ({', '.join(different) or 'a student'})")
        configuration = stored
    options.configuration = configuration
    torch.manual_seed(options.seed)
    network = built(configuration)
    begin(network)
    if options.begin:
        parameters = dict(network.named_parameters())
        missing = parameters.keys() - tensors.keys()
        if missing:
            raise SystemExit(f"{options.begin}: these weights lack {min(missing)}")
        network.load_state_dict({name: tensors[name] for name in parameters})
    network.to(device)
    optimizer, average = adam(network), Average(network)

    settings = {
        "configuration": configuration, "steps": options.steps, "stretches": options.stretches * processes.count, "peak": peak,
        "seed": options.seed, "clips": len(latents.files), "objective": objective}
    step, losses = 0, []
    state = processes.first(load_state(options.state, settings) if processes.rank == 0 else None)
    if state:
        step, losses = state["step"], state["losses"]
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        average.steps, average.values = step, {name: value.to(device) for name, value in state["average"].items()}
        if processes.rank == 0:
            print(f"goes on from step {step}", flush=True)
    learner = processes.learner(network)
    loss = FlowMatching(latents, device)
    feed = Feed(
        Questions(latents, configuration, options.seed),
        Batches(latents, options.stretches, processes, options.seed, range(step, options.steps)), options.workers, processes)

    def tell(recent):
        """Each step's loss over all processes, taken from the device together."""
        losses.extend(processes.mean(torch.stack(recent)).tolist() if recent else [])
        if not all(abs(value) < float("inf") for value in losses[-len(recent):]):
            raise SystemExit(f"the loss is no finite number by step {step}; begin anew with another seed or a lower --learning-rate")

    def keep():
        if options.state and processes.rank == 0:
            save_state(options.state, {
                "settings": settings, "step": step, "losses": losses, "network": network.state_dict(),
                "optimizer": optimizer.state_dict(), "average": average.values})

    recent, first, begun, kept = [], step, time.monotonic(), time.monotonic()
    for batch, drawn in feed:
        for group in optimizer.param_groups:
            group["lr"] = rate(step, options.steps, peak, last)
        optimizer.zero_grad()
        with cast():
            value = loss(learner, batch, drawn)
        value.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1)
        optimizer.step()
        average.update(network)
        recent.append(value.detach())
        step += 1
        if step % options.every == 0:
            tell(recent)
            recent = []
            if processes.rank == 0:
                pace = (step - first) / (time.monotonic() - begun)
                print(f"step {step} of {options.steps}  loss {mean(losses[-options.every:]):.4f}  {pace:.2f} steps/s", flush=True)
            if step % (10 * options.every) == 0 and step < options.steps:
                held_out = measured(network, average, loss, latents, options, processes, cast)
                if processes.rank == 0 and held_out is not None:
                    print(f"step {step} of {options.steps}  held out {held_out:.4f}", flush=True)
        # The first process's clock says when, so that all tell their losses together.
        if options.state and step % 10 == 0 and processes.mean(torch.tensor(float(
                processes.rank == 0 and time.monotonic() - kept >= options.keep_every), device=device)) > 0:
            tell(recent)
            recent, kept = [], time.monotonic()
            keep()
    tell(recent)
    keep()
    processes.require_same(network)
    held_out = measured(network, average, loss, latents, options, processes, cast)
    if processes.rank == 0:
        card = {
            "training": json.dumps({"objective": objective, "schedule": schedule | {
                "seed": options.seed, "steps": options.steps, "learningRate": peak, "lastLearningRate": last}}),
            "steps": str(step), "samples": str(len(latents.learned)), "processes": str(processes.count)}
        residual = {name: value for name, value in latents.measured.items() if name.startswith("residual.")}
        write_weights(options.output, "transformer", configuration, average.values, residual, card)
        told = "" if held_out is None else f", {held_out:.4f} on {min(MEASURED, len(latents.held_out))} held-out clips"
        some = max(1, min(100, len(losses) // 2))
        print(f"loss {mean(losses[:some]):.4f} to {mean(losses[-some:]):.4f} in {step} steps by {processes.count} processes{told}")
    processes.close()


if __name__ == "__main__":
    main()
