"""Trains a backbone from nothing, or continues the shipped weights the way that was tried; both take files in WORK_FOLDER.

    python3 recipe.py scratch WORK_FOLDER      two stages as long as those behind the shipped weights (about 45 minutes on a
                                               quiet core); not measured yet with these scripts
    python3 recipe.py continue WORK_FOLDER     the continuation that README.md reports and that was not shipped

WORK_FOLDER gets the pools (1.8 GB), the weights of every stage and the export of the last. What is already there is kept.
"""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch

from network import EmbeddedNet, warm_start

HERE = Path(__file__).parent
SHIPPED = HERE / "weights.pt"


def run(result: Path, script: str, *arguments: object) -> None:
    """Run a script of this folder unless its result exists."""
    if not result.exists():
        subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def blend(first: Path, second: Path, out: Path) -> None:
    """The mean of two sets of weights of one descent; first may lack the parts that were added after it."""
    net, later = EmbeddedNet(), torch.load(second)
    net.load_state_dict(later)
    warm_start(net, torch.load(first))
    torch.nn.init.zeros_(net.wide16.body[-1].weight)
    torch.nn.init.zeros_(net.wide16.body[-1].bias)
    earlier = net.state_dict()
    torch.save({k: (earlier[k] + later[k]) / 2 if v.is_floating_point() else v for k, v in earlier.items()}, out)


def main(what: str, work: Path) -> None:
    """Every stage in order."""
    work.mkdir(parents=True, exist_ok=True)
    pools = [work / f"pool{seed}.npy" for seed in (101, 102)]
    for seed, pool in zip((101, 102), pools):
        run(pool, "generator.py", "pool", seed, 1000, 8, pool)
    masks = work / "masks.npy"
    run(masks, "generator.py", "masks", 201, 1200, masks)
    data = ["--pools", *pools, "--masks", masks]
    if what == "scratch":
        plain = ["--lcn", 0, "--wide", 0, "--spare", 0, "--lr", 2e-3]
        first, last = work / "scratch-1.pt", work / "scratch-2.pt"
        run(first, "train.py", first, *data, *plain, "--iterations", 541, "--seed", 0, "--contrast", 0.3, "--episodic", 1)
        run(last, "train.py", last, *data, *plain, "--start", first, "--iterations", 1254, "--seed", 1, "--contrast", 1, "--episodic", 0.5)
    else:
        second, mixed, third, last = (work / f"{n}.pt" for n in ("continue-2", "continue-mixed", "continue-3", "continue"))
        run(second, "train.py", second, *data, "--start", SHIPPED, "--iterations", 3000, "--stop", 400, "--seed", 1,
            "--lr", 1.5e-3, "--contrast", 1, "--episodic", 0.5, "--spare", 0, "--bfloat16", 0)
        blend(SHIPPED, second, mixed)
        run(third, "train.py", third, *data, "--start", mixed, "--iterations", 800, "--stop", 700, "--seed", 2, "--lr", 1e-3,
            "--contrast", 0.5, "--episodic", 1, "--spare", 1.5)
        blend(SHIPPED, third, last)
    run(work / "musc-embedded.onnx", "export.py", last, work)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
