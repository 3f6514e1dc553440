"""The questions that the transformer learns from, drawn by the rules of Sources/VideoDiffusion/Transformer/Training/FlowQuestions.swift,
and many of them as one."""
import numpy as np
import torch

from latents import FRAMES, Clip, known_frames

# Numbers of a token of each kind.
WIDTHS = {"controls": 704, "places": 14, "bodies": 96, "contacts": 42}
# In the order in which they are drawn.
PARTS = ["base", "controls", "known", "bodies", "contacts", "words", "style"]


def drawn_known(random, frames, ahead, is_told, rules):
    """Frames that are given, counted from the stretch's first, where the clip has so many ahead of it: a beginning, which is the end of the
    stretch before, a first frame, or a clip that ends within a token; and others besides."""
    draw = random.uniform(0, 1 if is_told else 0.7) if is_told or random.random() < rules["begunWords"] else 1
    count = FRAMES if draw < 0.5 else 1 if draw < 0.62 else FRAMES + 1 + random.integers(3) if draw < 0.7 else 0
    known = set(range(min(count, frames)))
    if random.random() < rules["keyframes"]:
        kind = random.integers(4)
        if kind == 0 or kind == 3 and ahead == 0:
            known.add(frames - 1)
        elif kind == 1:
            known.add(int(random.integers(frames)))
        elif kind == 2:
            known |= {frame for frame in range(frames) if random.random() < rules["scattered"]}
        else:
            known.add(frames + int(random.integers(ahead)))
    return sorted(known)


def drawn(random, clip, rules):
    """What is asked of a clip: a stretch, a caption, what is left out, which frames are given, and the noise level."""
    length = min(rules["times"], clip.times)
    start = int(random.integers(clip.times - length + 1))
    caption = int(random.integers(max(1, clip.captions())))
    dropped = {part for part in PARTS if random.random() < rules["baseDropout" if part == "base" else "dropout"]}
    is_told = random.random() >= rules["wordsAlone"]
    if not is_told:
        dropped |= {"base", "controls", "bodies", "contacts"}
    known = drawn_known(random, length * FRAMES, (clip.times - start - length) * FRAMES, is_told, rules)
    # Without the plain view there are flat colours to add to, which the controls are needed for.
    is_flat = "base" in dropped and "controls" not in dropped and "flat_base" in clip.names
    if is_flat:
        dropped.discard("base")
    has_base = "base" not in dropped and (is_flat or "base" in clip.names)
    is_noise = random.random() < rules["noiseWithBase" if has_base else "noise"]
    t = 0.0 if is_noise else float(1 / (1 + np.exp(-random.standard_normal())))
    return {"start": start, "length": length, "caption": caption, "dropped": sorted(dropped), "known": known, "is_flat": is_flat, "t": t}


def question(clip, asked, configuration, rules):
    """One stretch with what is told of it, as `drawn`: arrays by name; what isn't told isn't there."""
    times = range(asked["start"], asked["start"] + asked["length"])
    told = lambda part: part not in asked["dropped"]
    result = {
        "t": asked["t"], "rate": clip.rate, "is_flat": asked["is_flat"], "video": clip.stretch("video", times),
        "sound": clip.sound("sound", times), "places": torch.from_numpy(clip.places(times)),
        "video_positions": clip.video_positions(times), "sound_positions": clip.sound_positions(times),
    }
    controls = clip.stretch("controls", times)
    # Moving things' tokens count more: the fifth channel of their cells.
    moving = controls.view(len(controls), 64, -1)[:, :, 4].float().mean(1) * rules["movingWeight"] + 1
    result["weights"] = (moving / moving.mean())[:, None]
    if told("controls"):
        result["controls"] = controls
    if told("base"):
        result["base"] = clip.stretch("flat_base" if asked["is_flat"] else "base", times)
    # The sound that is drawn goes with the contacts that it is drawn from.
    if told("contacts"):
        result["sound_base"] = clip.sound("sound_base", times)
        result["contacts"] = clip.contacts(times)
    if told("bodies"):
        result["bodies"] = clip.bodies(times)
    if told("words"):
        result["words"] = clip.words(asked["caption"], configuration["vocabulary"], configuration["captionLength"])
    if told("style"):
        result["style"] = clip.style(times)
    if told("known") and asked["known"]:
        pictures = {frame: clip.picture(times.start * FRAMES + frame) for frame in asked["known"]}
        result["known"] = known_frames(pictures, len(times) * FRAMES)
    return {name: value for name, value in result.items() if value is not None}


def filled(rows, count, width, dtype=torch.float32):
    """Rows of each question [batch, count, width]; zeros behind them, and where a question has none."""
    result = torch.zeros(len(rows), count, width, dtype=dtype)
    for k, part in enumerate(rows):
        if part is not None:
            result[k, :len(part)] = torch.as_tensor(part)
    return result


def batched(questions):
    """Questions of any sizes as one: tokens of each kind are filled up to the most that one has, `real` [batch, tokens] says which there
    are, and `told` which questions are told of what."""

    def column(name, place=None):
        values = [q.get(name) for q in questions]
        return values if place is None else [None if v is None else v[place] for v in values]

    def numbers(name, dtype, missing=0):
        return torch.tensor([q.get(name, missing) for q in questions], dtype=dtype)

    # A kind that no question has keeps one token, which isn't real, so that every layer is passed through.
    most = lambda rows: max([1] + [len(part) for part in rows if part is not None])
    video, sound, words = column("video"), column("sound"), column("words")
    tokens, heard, said, width, sound_width = most(video), most(sound), most(words), video[0].shape[1], sound[0].shape[1]
    acting, touching = most(column("bodies", 0)), most(column("contacts", 0))
    result = {
        "t": numbers("t", torch.float64), "rate": numbers("rate", torch.float64), "is_flat": numbers("is_flat", torch.float32),
        "style": numbers("style", torch.int64),
        "video": filled(video, tokens, width, torch.bfloat16), "base": filled(column("base"), tokens, width, torch.bfloat16),
        "controls": filled(column("controls"), tokens, WIDTHS["controls"], torch.bfloat16),
        "known": filled(column("known", 0), tokens, width + FRAMES), "still": filled(column("known", 1), tokens, width),
        "places": filled(column("places"), tokens, WIDTHS["places"]), "weights": filled(column("weights"), tokens, 1),
        "sound": filled(sound, heard, sound_width), "sound_base": filled(column("sound_base"), heard, sound_width),
        "bodies": filled(column("bodies", 0), acting, WIDTHS["bodies"]),
        "contacts": filled(column("contacts", 0), touching, WIDTHS["contacts"]),
        "words": filled([None if w is None else w[:, None] for w in words], said, 1, torch.int64)[..., 0],
    }
    for part in ("base", "controls", "known", "words", "style", "sound_base"):
        result["told." + part] = torch.tensor([float(part in q) for q in questions])
    nowhere = [None if w is None else np.full((len(w), 3), np.nan) for w in words]
    kinds = [(column("video_positions"), tokens), (column("sound_positions"), heard), (column("bodies", 1), acting),
             (column("contacts", 1), touching), (nowhere, said)]
    result["positions"] = torch.cat([filled(rows, count, 3) for rows, count in kinds], 1)
    ones = lambda rows: [None if part is None else np.ones((len(part), 1)) for part in rows]
    result["real"] = torch.cat([filled(ones(rows), count, 1) for rows, count in kinds], 1)[..., 0] > 0
    return result


class Questions(torch.utils.data.Dataset):
    """Question `(number, clip)`: a function of the seed and the number."""

    def __init__(self, latents, configuration, seed):
        self.latents, self.configuration, self.seed = latents, configuration, seed

    def __getitem__(self, place):
        number, index = place
        clip = Clip(self.latents.files[index], self.latents.sizes[index])
        asked = drawn(np.random.default_rng([self.seed, number]), clip, self.latents.rules)
        return question(clip, asked, self.configuration, self.latents.rules) | {"number": number}


class Batches:
    """Each step's questions for one of the processes, from a step on.

    Clips come in another order in every pass. Among the questions of some steps those of like size come together, so that little is
    filled up and no process waits for another."""

    POOL = 16

    def __init__(self, latents, stretches, processes, seed, steps):
        self.latents, self.stretches, self.processes, self.seed, self.steps = latents, stretches, processes, seed, steps
        self.epoch, self.order = None, None

    def clip(self, number):
        epoch, rest = divmod(number, len(self.latents.learned))
        if epoch != self.epoch:
            self.epoch, self.order = epoch, np.random.default_rng([self.seed, 1 << 32, epoch]).permutation(self.latents.learned)
        return int(self.order[rest])

    def __iter__(self):
        group = self.stretches * self.processes.count
        for first in range(self.steps.start - self.steps.start % self.POOL, self.steps.stop, self.POOL):
            pool = [(n, self.clip(n)) for n in range(first * group, (first + self.POOL) * group)]
            pool.sort(key=lambda place: self.latents.tokens(place[1]))
            for k, step in enumerate(np.random.default_rng([self.seed, 1 << 33, first]).permutation(self.POOL)):
                if first + k in self.steps:
                    yield pool[step * group:(step + 1) * group][self.processes.rank::self.processes.count]

    def __len__(self):
        return len(self.steps)
