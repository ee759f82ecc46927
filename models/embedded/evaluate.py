"""Measures a backbone the way the product uses it: LNAMD, mutual scoring, map, image score, RsCIN.

    python3 evaluate.py WEIGHTS.pt FOLDER [FOLDER ...]        folders in MVTec layout (CATEGORY/test, ground_truth)
    python3 evaluate.py WEIGHTS.pt --procedural SEED [SEED ..]     the held-out procedural folders of generator.py

Prints image AUROC, pixel AUROC and pixel AP in percent, with 95 % bootstrap intervals (pictures are resampled,
good and defective ones separately).
"""
from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from held_out_defects import held_out_folder
from held_out_folders import HELD_FAMILIES
from network import Exported, network_for
from visibility import seen

DEGREES = (1,)
"""Sides of the aggregation windows, in cells: what entry.json says."""
KEEP = 0.3
"""Share of the other pictures, the most similar ones, that a cell's score is averaged over."""


@dataclass
class Folder:
    """A folder of pictures with its truth.

    pictures: RGB uint8 arrays [H, W, 3] of any size. masks: bool [H, W] of the same size, or None where good.
    """

    name: str
    pictures: list[np.ndarray]
    masks: list[np.ndarray | None]
    counted: np.ndarray | None = None
    """bool [N]: which pictures the metrics are about; None: all. The others are scored with them all the same."""

    @property
    def labels(self) -> np.ndarray:
        """bool [N]: True where the picture is defective."""
        return np.array([m is not None for m in self.masks])


def read_mvtec(root: Path) -> Folder:
    """Read CATEGORY/test/TYPE/* and CATEGORY/ground_truth/TYPE/NAME_mask.png."""
    pictures, masks = [], []
    for path in sorted(p for p in (root / "test").rglob("*") if p.suffix.lower() in {".png", ".jpg", ".jpeg", ".bmp"}):
        pictures.append(np.asarray(Image.open(path).convert("RGB")))
        kind = path.parent.name
        if kind == "good":
            masks.append(None)
        else:
            mask = Image.open(root / "ground_truth" / kind / f"{path.stem}_mask.png").convert("L")
            masks.append(np.asarray(mask) > 0)
    return Folder(root.name, pictures, masks)


def procedural(seed: int, family: str, visible: bool = False) -> Folder:
    """A held-out procedural folder: 20 good, 10 damaged pictures. visible: count only damage that can be seen."""
    pictures, masks, _ = held_out_folder(seed, family)
    return Folder(family, pictures, masks, seen(family, pictures, masks) if visible else None)


def resize_pictures(pictures: list[np.ndarray], size: int, how: str = "bilinear") -> torch.Tensor:
    """Squash every picture to size x size as the product does. Returns float32 [N, 3, size, size] in 0..1."""
    filters = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
    small = [np.asarray(Image.fromarray(p).resize((size, size), filters[how])) for p in pictures]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def extract(model: Exported | OnnxModel, x: torch.Tensor, batch: int = 8) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Run the model in batches. Returns its taps [N, C, h, w], and the embeddings [N, D] scaled to unit length."""
    parts = [model(x[i : i + batch]) for i in range(0, len(x), batch)]
    *taps, embedding = [torch.cat(p) for p in zip(*parts)]
    return taps, F.normalize(embedding, dim=1)


def standardise_folder(tap: torch.Tensor) -> torch.Tensor:
    """Per channel: subtract the mean and divide by the standard deviation over all pictures and cells."""
    mean = tap.mean((0, 2, 3), keepdim=True)
    std = tap.std((0, 2, 3), keepdim=True, unbiased=False)
    return (tap - mean) / (std + 1e-5)


def aggregate(tap: torch.Tensor, degree: int) -> torch.Tensor:
    """LNAMD of one tap: LayerNorm over (C, h, w), zero-padded mean over degree x degree cells, unit length.

    tap: [N, C, h, w]. Returns [N, h * w, C].
    """
    z = F.layer_norm(tap, tap.shape[1:], eps=1e-5)
    if degree > 1:
        z = F.avg_pool2d(z, degree, 1, degree // 2, count_include_pad=True)
    return F.normalize(z.flatten(2).transpose(1, 2), dim=-1)


@torch.no_grad()
def mutual_scores(z: torch.Tensor, keep: float = KEEP) -> torch.Tensor:
    """z: unit-length cells [N, P, C]. Returns the cells' scores [N, P], distances in 0..2."""
    n, p, c = z.shape
    k = max(1, int(keep * (n - 1)))
    flat = z.reshape(n * p, c)
    scores = torch.empty(n, p)
    for i in range(n):
        nearest = (z[i] @ flat.T).view(p, n, p).amax(-1)
        nearest[:, i] = -2
        scores[i] = (2 - 2 * nearest.topk(k, 1)[0]).clamp(min=0).sqrt().mean(1)
    return scores


def patch_scores(taps: list[torch.Tensor], degrees: tuple[int, ...] = DEGREES) -> torch.Tensor:
    """Mean over taps and degrees, on the first tap's grid. Returns [N, h, w]."""
    h, w = taps[0].shape[-2:]
    total = 0
    for tap in taps:
        if tap.shape[-2:] != (h, w):
            tap = F.interpolate(tap, size=(h, w), mode="bilinear", align_corners=False)
        for degree in degrees:
            total = total + mutual_scores(aggregate(tap, degree))
    return (total / (len(taps) * len(degrees))).view(-1, h, w)


def score_map(scores: torch.Tensor, size: int) -> torch.Tensor:
    """[N, h, w] -> [N, size, size], bilinear with aligned corners."""
    return F.interpolate(scores[:, None], size=(size, size), mode="bilinear", align_corners=True)[:, 0]


def rescore(scores: np.ndarray, embeddings: np.ndarray, neighbours: tuple[int, ...] = (1, 2, 3)) -> np.ndarray:
    """RsCIN: average each picture's min-max scaled score with those of its nearest pictures. scores: [N]."""
    low, high = scores.min(), scores.max()
    if high == low:
        return scores
    scaled = (scores - low) / (high - low)
    similarity = embeddings @ embeddings.T
    total = np.zeros_like(scaled)
    for k in neighbours:
        kept = np.zeros_like(similarity)
        rows = np.argsort(-similarity, 1, kind="stable")[:, :k]
        np.put_along_axis(kept, rows, np.take_along_axis(similarity, rows, 1), 1)
        total += (kept / kept.sum(1, keepdims=True)) @ scaled
    return total / len(neighbours)


def auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Area under the ROC curve from histograms over ascending score bins (ties count half)."""
    below = np.cumsum(negative) - negative
    pairs = positive.sum() * negative.sum()
    return float((positive * (below + negative / 2)).sum() / pairs) if pairs else float("nan")


def average_precision(positive: np.ndarray, negative: np.ndarray) -> float:
    """Average precision from histograms over ascending score bins."""
    hit = np.cumsum(positive[::-1])
    false = np.cumsum(negative[::-1])
    precision = hit / np.maximum(hit + false, 1e-12)
    return float((precision * positive[::-1]).sum() / max(hit[-1], 1e-12))


class Report:
    """Metrics of one folder, with bootstrap intervals over pictures."""

    BINS = 2048

    def __init__(self, image_scores: np.ndarray, maps: np.ndarray, folder: Folder):
        """image_scores: [N]; maps: [N, S, S]; masks are scaled to S x S by nearest pixel."""
        self.labels = folder.labels
        self.counted = np.ones(len(self.labels)) if folder.counted is None else folder.counted.astype(float)
        size = maps.shape[-1]
        edges = np.quantile(maps.ravel()[:: max(1, maps.size // 400_000)], np.linspace(0, 1, self.BINS + 1)[1:-1])
        self.positive = np.zeros((len(maps), self.BINS))
        self.negative = np.zeros((len(maps), self.BINS))
        for i, (scores, mask) in enumerate(zip(maps, folder.masks)):
            bins = np.searchsorted(edges, scores.ravel(), side="right")
            counts = np.bincount(bins, minlength=self.BINS)
            if mask is not None:
                inside = np.asarray(Image.fromarray(mask).resize((size, size), Image.NEAREST)).ravel()
                self.positive[i] = np.bincount(bins[inside], minlength=self.BINS)
            self.negative[i] = counts - self.positive[i]
        ranks = np.unique(image_scores, return_inverse=True)[1]
        self.rank_rows = np.eye(ranks.max() + 1)[ranks]

    def metrics(self, weights: np.ndarray | None = None) -> np.ndarray:
        """[image AUROC, pixel AUROC, pixel AP], 0..1, with pictures weighted by how often they were drawn."""
        w = self.counted if weights is None else weights
        pixel = (w @ self.positive, w @ self.negative)
        image = ((w * self.labels) @ self.rank_rows, (w * ~self.labels) @ self.rank_rows)
        return np.array([auroc(*image), auroc(*pixel), average_precision(*pixel)])

    def bootstrap(self, rounds: int = 500, seed: int = 0) -> np.ndarray:
        """[rounds, 3]: the metrics of resampled folders."""
        rng = np.random.default_rng(seed)
        out = []
        groups = [np.flatnonzero(self.labels & (self.counted > 0)), np.flatnonzero(~self.labels)]
        for _ in range(rounds):
            w = np.zeros(len(self.labels))
            for group in groups:
                w += np.bincount(rng.choice(group, len(group)), minlength=len(w)) if len(group) else 0
            out.append(self.metrics(w))
        return np.array(out)


def measure(model: Exported | OnnxModel, folder: Folder, size: int, how: str = "bilinear", standardise: bool = False,
            rscin: bool = False, taps_used: tuple[int, ...] | None = None, degrees: tuple[int, ...] = DEGREES) -> Report:
    """Score a folder from end to end."""
    taps, embedding = extract(model, resize_pictures(folder.pictures, size, how))
    if taps_used is not None:
        taps = [taps[i] for i in taps_used]
    if standardise:
        taps = [standardise_folder(t) for t in taps]
    maps = score_map(patch_scores(taps, degrees), min(size, 256)).numpy()
    image = maps.max((1, 2))
    if rscin:
        image = rescore(image, embedding.numpy())
    return Report(image, maps, folder)


class OnnxModel:
    """An exported file as a model: outputs in the file's order. Needs the onnxruntime package."""

    def __init__(self, path: str):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self.session = onnxruntime.InferenceSession(path, options)

    def __call__(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(map(torch.from_numpy, self.session.run(None, {"pixel_values": x.numpy()})))


def load(path: str) -> Exported | OnnxModel:
    """Read weights saved by train.py, or an exported file, ready to measure."""
    if path.endswith(".onnx"):
        return OnnxModel(path)
    return Exported(network_for(torch.load(path, map_location="cpu"))).eval()


def describe(values: np.ndarray, draws: np.ndarray) -> str:
    """Three metrics in percent with their 95 % intervals."""
    low, high = np.nanpercentile(draws, (2.5, 97.5), axis=0)
    return "  ".join(f"{100*v:5.1f} [{100*a:.1f}, {100*b:.1f}]" for v, a, b in zip(values, low, high))


def main() -> None:
    """Command line: see the module's documentation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--procedural", nargs="*", type=int, default=[])
    parser.add_argument("--visible", action="store_true", help="count only damage that passes visibility.py")
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--resize", default="bilinear")
    parser.add_argument("--standardise", action="store_true")
    parser.add_argument("--rscin", action="store_true")
    parser.add_argument("--taps", default="", help="indices of taps, e.g. 0,1")
    parser.add_argument("--degrees", default="1", help="sides of the aggregation windows, e.g. 1,3,5")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model = load(args.weights)
    used = tuple(int(t) for t in args.taps.split(",")) if args.taps else None
    degrees = tuple(map(int, args.degrees.split(",")))
    print("folder: image AUROC, pixel AUROC, pixel AP")

    def report_on(folder: Folder) -> Report:
        return measure(model, folder, args.size, args.resize, args.standardise, args.rscin, used, degrees)

    for root in args.folders:
        report = report_on(read_mvtec(root))
        print(f"{root.name}: {describe(report.metrics(), report.bootstrap())}", flush=True)
    means, draws, counted = [], [], 0
    for family in HELD_FAMILIES if args.procedural else ():
        reports = [report_on(procedural(seed, family, args.visible)) for seed in args.procedural]
        counted += sum(int((r.labels & (r.counted > 0)).sum()) for r in reports)
        means += [r.metrics() for r in reports]
        draws += [r.bootstrap(200, seed=i) for i, r in enumerate(reports)]
        k = len(reports)
        print(f"{family}: {describe(np.nanmean(means[-k:], 0), np.nanmean(draws[-k:], 0))}", flush=True)
    if means:
        print(f"mean of {len(means)} procedural folders, {counted} damaged pictures: {describe(np.nanmean(means, 0), np.nanmean(draws, 0))}")


if __name__ == "__main__":
    main()
