"""Rates, momenta, averages and rates by layer against PyTorch's schedulers and timm's tools."""

import os
import pathlib
import subprocess

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import load_file, save_file
from timm.optim import param_groups_layer_decay
from timm.models import group_parameters
from timm.scheduler import CosineLRScheduler
from timm.utils import ModelEmaV2, ModelEmaV3
from torch.optim import lr_scheduler

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", ROOT / "build")) / "dump_training"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def dump(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ours(epochs, steps_an_epoch, **keys):
    named = [f"{key.replace('__', '.')}={value}" for key, value in keys.items()]
    text = dump("schedule", steps_an_epoch, f"train.epochs={epochs}", *named)
    return np.array([line.split() for line in text.splitlines()], dtype=float)


def make_optimizer(name, parameters, lr):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=lr, momentum=0.9)
    return torch.optim.AdamW(parameters, lr=lr, betas=(0.9, 0.999), weight_decay=0)


def momentum_of(optimizer):
    group = optimizer.param_groups[0]
    return group["betas"][0] if "betas" in group else group["momentum"]


def followed(steps, make_scheduler, name="sgd", lr=0.3):
    """Rate and momentum that a scheduler gives each step."""
    optimizer = make_optimizer(name, [torch.nn.Parameter(torch.zeros(1))], lr)
    scheduler = make_scheduler(optimizer)
    seen = []
    for step in range(steps):
        seen.append((optimizer.param_groups[0]["lr"], momentum_of(optimizer)))
        optimizer.step()
        if step + 1 < steps:
            scheduler.step()
    return np.array(seen)


@pytest.mark.parametrize("name", ["sgd", "adamw"])
@pytest.mark.parametrize("epochs, steps_an_epoch", [(1, 1), (1, 2), (3, 1), (1, 4), (10, 1), (4, 7), (30, 125)])
def test_one_cycle_is_one_cycle_lr_at_every_step(name, epochs, steps_an_epoch):
    steps = epochs * steps_an_epoch
    theirs = followed(steps, lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.3, total_steps=steps), name)
    found = ours(epochs, steps_an_epoch, scheduler__name="one_cycle", optimizer__name=name, optimizer__lr=0.3)
    np.testing.assert_allclose(found, theirs, rtol=1e-12)


WARMUP, STEPS_AN_EPOCH, EPOCHS, MIN_LR = 3, 5, 20, 0.002
AFTER = {
    "constant": lambda o, left: lr_scheduler.ConstantLR(o, factor=1),
    "cosine": lambda o, left: lr_scheduler.CosineAnnealingLR(o, T_max=left, eta_min=MIN_LR),
    "linear": lambda o, left: lr_scheduler.LinearLR(o, start_factor=1, end_factor=MIN_LR / 0.3, total_iters=left),
    "step": lambda o, left: lr_scheduler.StepLR(o, step_size=4 * STEPS_AN_EPOCH, gamma=0.2),
}


@pytest.mark.parametrize("name", AFTER)
@pytest.mark.parametrize("warmup", [0, WARMUP])
def test_warm_up_and_what_follows_are_pytorchs(name, warmup):
    steps, rise = EPOCHS * STEPS_AN_EPOCH, warmup * STEPS_AN_EPOCH

    def make(optimizer):
        after = AFTER[name](optimizer, steps - rise)
        if rise == 0:
            return after
        before = lr_scheduler.LinearLR(optimizer, start_factor=0.01, total_iters=rise)
        return lr_scheduler.SequentialLR(optimizer, [before, after], milestones=[rise])

    theirs = followed(steps, make)
    found = ours(EPOCHS, STEPS_AN_EPOCH, scheduler__name=name, scheduler__warmup_epochs=warmup,
                 scheduler__min_lr=MIN_LR, scheduler__step_epochs=4, scheduler__gamma=0.2, optimizer__lr=0.3)
    np.testing.assert_allclose(found, theirs, rtol=1e-9)


def test_a_cosine_after_warm_up_is_timms_too():
    """timm's own start of a warm-up is a rate, not a share: here a hundredth of the peak."""
    steps, rise = EPOCHS * STEPS_AN_EPOCH, WARMUP * STEPS_AN_EPOCH
    optimizer = make_optimizer("sgd", [torch.nn.Parameter(torch.zeros(1))], 0.3)
    scheduler = CosineLRScheduler(optimizer, t_initial=steps - rise, lr_min=MIN_LR, warmup_t=rise, warmup_lr_init=0.003,
                                  warmup_prefix=True, t_in_epochs=False)
    theirs = []
    for step in range(steps):
        theirs.append(optimizer.param_groups[0]["lr"])
        scheduler.step_update(step + 1)
    found = ours(EPOCHS, STEPS_AN_EPOCH, scheduler__name="cosine", scheduler__warmup_epochs=WARMUP,
                 scheduler__min_lr=MIN_LR, optimizer__lr=0.3)
    np.testing.assert_allclose(found[:, 0], theirs, rtol=1e-12)


def problem():
    random = torch.Generator().manual_seed(2)
    x = torch.randn(60, 5, dtype=torch.float64, generator=random)
    y = (x @ torch.randn(5, 3, dtype=torch.float64, generator=random)).argmax(1)
    layer = torch.nn.Linear(5, 3).to(torch.float64)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.randn(parameter.shape, dtype=torch.float64, generator=random) / 3)
    return x, y, layer


def trained(folder, x, y, layer, *keys):
    save_file({"x": x, "y": y, "weight": layer.weight.data, "bias": layer.bias.data}, folder / "in.safetensors")
    dump("train", folder / "in.safetensors", folder / "out.safetensors", *keys)
    return load_file(folder / "out.safetensors")


def steps_of(x, y, layer, optimizer, scheduler, steps):
    for step in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(layer(x), y).backward()
        optimizer.step()
        if step + 1 < steps:
            scheduler.step()
        yield step


@pytest.mark.parametrize("name", ["sgd", "adamw"])
def test_training_by_one_cycle_ends_at_pytorchs_weights(name, tmp_path):
    """The rates and momenta reach the optimiser."""
    x, y, layer = problem()
    found = trained(tmp_path, x, y, layer, "train.epochs=40", "scheduler.name=one_cycle", f"optimizer.name={name}",
                    "optimizer.lr=0.3")
    before = layer.weight.detach().clone()
    optimizer = make_optimizer(name, layer.parameters(), 0.3)
    scheduler = lr_scheduler.OneCycleLR(optimizer, max_lr=0.3, total_steps=40)
    for _ in steps_of(x, y, layer, optimizer, scheduler, 40):
        pass
    assert (layer.weight - before).abs().max() > 0.1
    torch.testing.assert_close(found["weight"], layer.weight.data, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(found["bias"], layer.bias.data, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("decay, same_as_v2", [(0.9, False), (0.05, True), (0.99, False)])
def test_the_average_is_timms_v3_with_warm_up(decay, same_as_v2, tmp_path):
    x, y, layer = problem()
    found = trained(tmp_path, x, y, layer, "train.epochs=40", "scheduler.name=constant", "optimizer.lr=0.3",
                    f"train.ema={decay}")
    v2 = ModelEmaV2(layer, decay=decay)
    v3 = ModelEmaV3(layer, decay=decay, use_warmup=True, warmup_gamma=9, warmup_power=1, update_after_step=-1,
                    exclude_buffers=True)
    optimizer = make_optimizer("sgd", layer.parameters(), 0.3)
    for step in steps_of(x, y, layer, optimizer, lr_scheduler.ConstantLR(optimizer, factor=1), 40):
        v2.update(layer)
        v3.update(layer, step=step + 1)
    torch.testing.assert_close(found["averaged.weight"], v3.module.weight.data, rtol=1e-9, atol=1e-9)
    # V2 differs while (1 + n) / (10 + n) is below the decay.
    assert torch.allclose(found["averaged.weight"], v2.module.weight.data, rtol=1e-9, atol=1e-9) == same_as_v2


@pytest.mark.parametrize("network, theirs", [("resnet18", "resnet18"), ("resnet50", "resnet50"),
                                             ("efficientnet_lite0", "tf_efficientnet_lite0"),
                                             ("efficientnet_lite3", "tf_efficientnet_lite3")])
def test_rates_fall_by_layer_as_timms(network, theirs):
    model = timm.create_model(theirs, num_classes=7)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    groups = param_groups_layer_decay(model, weight_decay=0.05, layer_decay=0.75)
    expected = {names[id(p)]: (group["lr_scale"], group["weight_decay"] > 0) for group in groups for p in group["params"]}
    lines = [line.split() for line in dump("parameters", network, "optimizer.layer_decay=0.75").splitlines()]
    found = {name: (pytest.approx(float(factor), rel=1e-12), decays == "1") for name, factor, decays in lines}
    assert len(set(group["lr_scale"] for group in groups)) == max(
        group_parameters(model, model.group_matcher(coarse=False), reverse=True).values()) + 1
    assert found == expected
