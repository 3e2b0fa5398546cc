#!/usr/bin/env python3
"""Draws results.json: a picture for each section that has rows.   plot.py RESULTS.json FOLDER"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

OURS, OTHERS = "#2b6cb0", "#a0aec0"


def draw(section, folder: Path) -> None:
    rows = sorted(section["rows"], key=lambda row: median(row["values"]))
    names = [row["name"] for row in rows]
    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.34 * len(rows)), layout="constrained")
    axes.barh(names, [median(row["values"]) for row in rows],
              color=[OURS if name.startswith("flx") else OTHERS for name in names])
    for place, row in enumerate(rows):  # every round is a point
        axes.plot(row["values"], [place] * len(row["values"]), "|", color="black", markersize=7)
    axes.set_xlabel(section["unit"])
    axes.set_title(section["title"], fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    name = re.sub(r"[^a-z0-9]+", "-", section["title"].split("(")[0].lower()).strip("-")
    figure.savefig(folder / f"{name}.png", dpi=110)
    pyplot.close(figure)


def main() -> None:
    sections = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(sys.argv[2])
    for old in folder.glob("*.png"):
        old.unlink()
    for section in sections:
        if section["rows"]:
            draw(section, folder)


main()
