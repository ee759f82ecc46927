"""Writes musc-embedded.onnx and entry.json from trained weights, with batch norm folded into the convolutions.

The file keeps the convolutions' weights as float16, which halves it; ONNX Runtime makes float32 of them when it loads the file.

    python3 export.py WEIGHTS.pt [FOLDER]
"""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

from evaluate import load
from network import EmbeddedNet

FILE = "musc-embedded.onnx"
IMAGE_SIZE = 320
NOTE = (
    "Made by this project from procedural pictures only. For a first look without a download; "
    "pretrained backbones are much larger, and some have published figures on MVTec AD."
)


def fold_batch_norm(net: EmbeddedNet) -> EmbeddedNet:
    """Replace every convolution + batch norm by one convolution with a bias. Exact up to rounding; in place."""
    for block in net.modules():
        if isinstance(block, nn.Sequential) and len(block) > 1 and isinstance(block[1], nn.BatchNorm2d):
            block[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(block[0], block[1])
            block[1] = nn.Identity()
    return net


class Compact(nn.Module):
    """A convolution whose weights are kept as float16."""

    def __init__(self, conv: nn.Conv2d):
        super().__init__()
        self.register_buffer("weight", conv.weight.detach().half())
        self.register_buffer("bias", None if conv.bias is None else conv.bias.detach())
        self.stride, self.padding = conv.stride, conv.padding

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.conv2d(x, self.weight.float(), self.bias, self.stride, self.padding)


def compact(module: nn.Module) -> None:
    """Replace every convolution inside by its compact one. The outputs change by the rounding."""
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            setattr(module, name, Compact(child))
        else:
            compact(child)


def apart(before: tuple[torch.Tensor, ...], after: tuple[torch.Tensor, ...]) -> float:
    """How far two sets of outputs are from each other: the largest difference, as a share of the output's root mean square."""
    return max(float((a - b).abs().max() / a.square().mean().sqrt()) for a, b in zip(before, after))


def export(weights: str, folder: Path) -> None:
    """Write the ONNX file and its registry entry into folder; checks that folding and rounding changed (next to) nothing."""
    model = load(weights)
    x = torch.rand(2, 3, IMAGE_SIZE, IMAGE_SIZE)
    with torch.no_grad():
        before = model(x)
        fold_batch_norm(model.net)
        folded = apart(before, model(x))
        compact(model)
        rounded = apart(before, model(x))
    assert folded < 1e-5 and rounded < 3e-3, f"folding changed the outputs by {folded}, rounding by {rounded} of them"
    path = folder / FILE
    dynamic = {"pixel_values": {0: "batch", 2: "height", 3: "width"}, "embedding": {0: "batch"}}
    for tap in ("stride8", "stride16"):
        dynamic[tap] = {0: "batch", 2: f"{tap}_height", 3: f"{tap}_width"}
    torch.onnx.export(model, x, str(path), input_names=["pixel_values"], output_names=["stride8", "stride16", "embedding"],
                      dynamic_axes=dynamic, opset_version=17, do_constant_folding=False)  # folding would make them float32
    data = path.read_bytes()
    entry = {
        "id": "musc-embedded",
        "file": FILE,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "input": "pixel_values",
        "taps": ["stride8", "stride16"],
        "embedding": "embedding",
        "imageSize": IMAGE_SIZE,
        "preprocess": {"resize": "bilinear", "mean": [0, 0, 0], "std": [1, 1, 1]},
        "degrees": [1],
        "rscin": "off",
        "folderStatistics": "none",
        "patchStride": 16,
        "licence": "MIT",
        "note": NOTE,
    }
    (folder / "entry.json").write_text(json.dumps(entry, indent=2) + "\n")
    print(f"{path.name}: {len(data)} bytes, off by {folded:.1e} for folding and {rounded:.1e} with rounding")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    args = parser.parse_args()
    export(args.weights, args.folder)
