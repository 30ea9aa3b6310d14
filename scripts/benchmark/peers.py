"""What the Python libraries do, timed from within, as the benchmark's peers: peers.py TASK …; prints one JSON object."""

import argparse
import json
import os
import pathlib
import time

import torch

from measure import THREADS, bf16_is_native, images_below

DEVICE = torch.device(os.environ.get("KAZIRANGA_BENCH_DEVICE", "cpu"))
BATCH = 32 if DEVICE.type == "cpu" else 64  # of a pass


def network(name, classes=1000, weights=None):
    import timm
    import torchvision

    if name.startswith("resnet"):
        return torchvision.models.get_model(name, num_classes=classes)
    made = timm.create_model("tf_efficientnet_lite0", num_classes=1000)
    if weights:
        made.load_state_dict(dict(zip(made.state_dict(), torch.load(weights, weights_only=True).values())))
    if classes != 1000:
        made.reset_classifier(classes)
    return made


def pooled(net):
    """The network without its output layer."""
    if hasattr(net, "fc"):
        net.fc = torch.nn.Identity()
    else:
        net.reset_classifier(0)
    return net


def wait():
    """For what was given to the device."""
    if DEVICE.type != "cpu":
        torch.cuda.synchronize()


def rate(once, images):
    """Images a second of something that is done at least eight times, for a second."""
    for _ in range(2):
        once()
    wait()
    start, cpu, times = time.perf_counter(), time.process_time(), 0
    while times < 8 or time.perf_counter() - start < 1:
        for _ in range(8):
            once()
        wait()
        times += 8
    return {"images_per_second": times * images / (time.perf_counter() - start),
            "cpu_seconds_per_image": (time.process_time() - cpu) / (times * images)}


def run_pass(options):
    """Images a second of one form: eager (fp32, NCHW, as people run it), tuned (channels-last, batch norm folded,
    frozen by TorchScript, bf16 where the processor has it) or aot (AOTInductor, frozen, the same precision)."""
    net = pooled(network(options.network)).eval().to(DEVICE)
    x = torch.randn(BATCH, 3, 224, 224, device=DEVICE)
    dtype = torch.bfloat16 if options.form != "eager" and bf16_is_native() else torch.float32
    if options.form == "tuned":
        net = net.to(dtype=dtype, memory_format=torch.channels_last)
        x = x.to(dtype=dtype, memory_format=torch.channels_last)
        with torch.no_grad():
            net = torch.jit.freeze(torch.jit.trace(net, x))
    if options.form == "aot":
        import torch._inductor.config as inductor

        inductor.freezing = True
        net, x = net.to(dtype), x.to(dtype)
        package = pathlib.Path(options.package)
        if not package.exists():
            with torch.no_grad():
                torch._inductor.aoti_compile_and_package(torch.export.export(net, (x,)), package_path=str(package))
        net = torch._inductor.aoti_load_package(str(package))
    with torch.no_grad():
        return {**rate(lambda: net(x), BATCH), "precision": str(dtype).split(".")[1]}


def run_step(options):
    """Images a second of fine-tuning all layers: eager (fp32, NCHW) or autocast (channels-last, bf16)."""
    tuned = options.form == "autocast"
    net = network(options.network, 200).to(DEVICE).train()
    if options.norm == "frozen":
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.eval()
    layout = torch.channels_last if tuned else torch.contiguous_format
    net = net.to(memory_format=layout)
    images = 32
    x = torch.randn(images, 3, 224, 224, device=DEVICE).to(memory_format=layout)
    y = torch.randint(200, (images,), device=DEVICE)
    optimizer = torch.optim.SGD(net.parameters(), 1e-3, 0.9)

    def step():
        optimizer.zero_grad()
        with torch.autocast(DEVICE.type, torch.bfloat16, enabled=tuned):
            logits = net(x)
        torch.nn.functional.cross_entropy(logits.float(), y).backward()
        optimizer.step()

    return rate(step, images)


def run_read(options):
    """Files a second of decoding, short side to 256 and the centre of 224, one thread."""
    import cv2
    import torchvision.transforms.v2 as v2
    from PIL import Image
    from torchvision.io import ImageReadMode, decode_image

    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    crop = v2.Compose([v2.Resize(256), v2.CenterCrop(224)])
    pil_crop = v2.Compose([v2.Resize(256), v2.CenterCrop(224), v2.PILToTensor()])

    def with_opencv(path):
        image = cv2.imread(str(path))
        scale = 256 / min(image.shape[:2])
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        top, left = (image.shape[0] - 224) // 2, (image.shape[1] - 224) // 2
        return image[top:top + 224, left:left + 224]

    read = {"pillow": lambda path: pil_crop(Image.open(path).convert("RGB")),
            "torchvision": lambda path: crop(decode_image(str(path), ImageReadMode.RGB)),
            "opencv": with_opencv}[options.form]
    paths = images_below(options.data)
    for path in paths[:20]:
        read(path)
    start = time.perf_counter()
    for path in paths:
        read(path)
    return {"images_per_second": len(paths) / (time.perf_counter() - start)}


def splits(data, transforms):
    from torchvision.datasets import ImageFolder

    return {split: ImageFolder(pathlib.Path(data) / split, transforms[split]) for split in ("train", "test")}


def transforms():
    from torchvision.transforms import InterpolationMode, v2

    bicubic = InterpolationMode.BICUBIC
    finish = [v2.PILToTensor(), v2.ToDtype(torch.float32), v2.Normalize([127.0] * 3, [128.0] * 3)]
    return {"centre": v2.Compose([v2.Resize(256, bicubic), v2.CenterCrop(224), *finish]),
            "random": v2.Compose([v2.RandomResizedCrop(224, (0.35, 1), interpolation=bicubic),
                                  v2.RandomHorizontalFlip(), *finish])}


def loader(dataset, shuffle):
    return torch.utils.data.DataLoader(dataset, 32, shuffle=shuffle, num_workers=THREADS, pin_memory=DEVICE.type != "cpu")


@torch.no_grad()
def accuracy(net, dataset):
    hits = sum((net(x.to(DEVICE)).argmax(1).cpu() == y).sum().item() for x, y in loader(dataset, False))
    return 100 * hits / len(dataset)


def run_recipe(options):
    """The usual script: a frozen network, a new layer, random crops of every image in every epoch, SGD. Times one epoch."""
    how = transforms()
    data = splits(options.data, {"train": how["random"], "test": how["centre"]})
    net = network("efficientnet_lite0", 1000, options.weights)
    for parameter in net.parameters():
        parameter.requires_grad = False
    net.reset_classifier(len(data["train"].classes))
    net.to(DEVICE)
    head = net.get_classifier()
    optimizer = torch.optim.SGD(head.parameters(), 0.1, 0.9)
    net.eval()
    start = time.perf_counter()
    for x, y in loader(data["train"], True):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x.to(DEVICE)), y.to(DEVICE)).backward()
        optimizer.step()
    wait()
    epoch = time.perf_counter() - start
    start = time.perf_counter()
    top1 = accuracy(net, data["test"])
    return {"epoch_seconds": epoch, "test_seconds": time.perf_counter() - start, "top1_after_one_epoch": top1}


def cache_features(options):
    how = transforms()
    data = splits(options.data, {"train": how["centre"], "test": how["centre"]})
    net = pooled(network("efficientnet_lite0", 1000, options.weights)).eval().to(DEVICE)
    made = {}
    with torch.no_grad():
        for split, images in data.items():
            x, y = zip(*[(net(x.to(DEVICE)).cpu(), y) for x, y in loader(images, False)])
            made[split] = (torch.cat(x).numpy(), torch.cat(y).numpy())
    return made


def standardised(made):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(made["train"][0])
    return {split: (scaler.transform(x), y) for split, (x, y) in made.items()}


def run_cached(options):
    """A script that keeps fp32 features and fits scikit-learn's logistic regression; saves the features for `heads`."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    start = time.perf_counter()
    made = cache_features(options)
    features = time.perf_counter() - start
    scaled = standardised(made)
    # Its penalty of 0.01 per image, the one that did best on this kind of features.
    fitted = LogisticRegression(C=1 / (0.01 * len(scaled["train"][1])), max_iter=1000).fit(*scaled["train"])
    top1 = 100 * fitted.score(*scaled["test"])
    seconds = time.perf_counter() - start
    numpy.savez(options.features, **{f"{split}_{name}": value for split, pair in made.items()
                                     for name, value in zip("xy", pair)})
    return {"seconds": seconds, "feature_seconds": features, "top1": top1}


def run_head(options):
    """Fits one head to saved features, and what there is to choose in it, as the library does it."""
    import numpy
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression, RidgeClassifierCV

    saved = numpy.load(options.features)
    made = {split: (saved[f"{split}_x"], saved[f"{split}_y"]) for split in ("train", "test")}
    if options.form != "sgd":  # whose rate of 0.1 suits features as they are: standardised ones cost it 7 points
        made = standardised(made)
    x, y = made["train"]
    penalties = numpy.array([0.3, 0.1, 0.03, 0.01, 0.003])
    start, cpu = time.perf_counter(), time.process_time()
    if options.form == "sgd":
        classes = int(y.max()) + 1
        head = torch.nn.Linear(x.shape[1], classes)
        images, labels = torch.from_numpy(x).float(), torch.from_numpy(y)
        epochs = 30
        optimizer = torch.optim.SGD(head.parameters(), 0.1, 0.9)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
        for _ in range(epochs):
            for batch in torch.randperm(len(images)).split(32):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(head(images[batch]), labels[batch]).backward()
                optimizer.step()
            schedule.step()
        with torch.no_grad():
            guessed = head(torch.from_numpy(made["test"][0]).float()).argmax(1).numpy()
        top1 = 100 * (guessed == made["test"][1]).mean()
    else:
        fit = {"ridge": lambda: RidgeClassifierCV(alphas=len(y) * penalties).fit(x, y),
               "lda": lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.5).fit(x, y),
               "logistic": lambda: LogisticRegression(C=1 / (0.01 * len(y)), max_iter=1000).fit(x, y)}[options.form]
        top1 = 100 * fit().score(*made["test"])
    return {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu, "top1": float(top1)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["pass", "step", "read", "recipe", "cached", "head"])
    parser.add_argument("--form")
    parser.add_argument("--network")
    parser.add_argument("--package", help="of the form aot: is made where it is missing")
    parser.add_argument("--norm", choices=["frozen", "train"])
    parser.add_argument("--data")
    parser.add_argument("--weights")
    parser.add_argument("--features")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    run = {"pass": run_pass, "step": run_step, "read": run_read, "recipe": run_recipe, "cached": run_cached, "head": run_head}
    print(json.dumps(run[options.task](options)))


if __name__ == "__main__":
    main()
