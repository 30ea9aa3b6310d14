"""How time and memory of features and of closed-form heads grow with the images."""

import shutil

from measure import PROGRAM, REPOSITORY, hot_path, run, train
from page import Goal, Section

SPECIES, PIXELS, WIDTH = 200, 32, 256
COUNTS = (1_000, 4_000, 16_000, 64_000)
FILES, CLASSES = 1_000_000, 1_000


def list_a_million(scratch):
    """Seconds and memory of a dataset whose files nobody opens; they are empty."""
    root = scratch / "million"
    for number in range(CLASSES):
        folder = root / f"train/class_{number:04}"
        folder.mkdir(parents=True)
        for image in range(FILES // CLASSES):
            (folder / f"image_{image:04}.jpg").touch()
    found = hot_path("list", {"KAZIRANGA_BENCH_IMAGES": str(root)})
    shutil.rmtree(root)
    return found


def growth(options, scratch):
    """Drawn images to features and a head, twice: from nothing, then with the features there."""
    section = Section("Growth", ["images", "features, s", "images/s", "peak memory, MiB", "lda, s", "ridge, s", "warm: peak memory, MiB"],
                      f"Images of {PIXELS} × {PIXELS} of {SPECIES} species, drawn as they are needed, through resnet10_small ({WIDTH} features, random weights: "
                      "the time is what counts here), `train` with `head.type=lda` from nothing and then `head.type=ridge` with the features "
                      "there; a tenth as many images a species are for testing, one at least. One run each.")
    rows = []
    for count in COUNTS:
        parks = scratch / f"parks{count}"
        images = count // SPECIES
        run([PROGRAM, "generate", REPOSITORY / "configs/parks.yaml", f"output={parks}", "store=false",
             f"kaziranga.train_images={images}", f"kaziranga.test_images={max(1, images // 10)}", f"kaziranga.size={PIXELS}"])
        shared = [f"data.root={parks / 'kaziranga'}", "data.format=park", "model.name=resnet10_small", "model.weights=random",
                  f"features.cache={scratch / f'growth{count}'}"]
        config = REPOSITORY / "configs/kaziranga.yaml"
        cold = train(config, scratch / "growth", *shared, "head.type=lda")
        warm = train(config, scratch / "growth", *shared, "head.type=ridge")
        rows.append((count, cold, warm))
        features = cold["seconds"]["features"]
        section.row(f"{count:,}", f"{features:.1f}", f"{cold['images'] / features:.0f}", f"{cold['memory'] / 2**20:.0f}",
                    f"{cold['seconds']['train']:.2f}", f"{warm['seconds']['train']:.2f}", f"{warm['memory'] / 2**20:.0f}")
    section.raw = {count: {"cold": cold, "warm": warm} for count, cold, warm in rows}
    (first, small, _), (last, large, _) = rows[1], rows[-1]
    rate = [entry["seconds"]["features"] / entry["images"] for entry in (small, large)]
    section.goals.append(Goal(f"growth: seconds an image at {last:,} over those at {first:,}", rate[1] / rate[0], 1.2, most=False))
    a_image = [(cold["memory"] - rows[0][1]["memory"]) / (cold["images"] - rows[0][1]["images"]) for _, cold, _ in rows[2:]]
    section.about += f" Memory grows by {a_image[0] / 1024:.1f} and {a_image[1] / 1024:.1f} KiB an image up to 16,000 and 64,000."
    section.raw["list"] = listed = list_a_million(scratch)
    section.about += (f" {FILES:,} files in {CLASSES:,} class folders are listed in {listed['seconds']:.1f} s by a process that holds "
                      f"{listed['memory'] / 2**20:.0f} MiB at most.")
    section.goals.append(Goal(f"growth: seconds to list {FILES:,} files", listed["seconds"], 10, most=False))
    return section
