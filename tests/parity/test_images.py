"""Images to pixels against Pillow, OpenCV and torchvision: decoding equal, resizing within 2 of 255.

JPEGs are written as OpenCV writes them, byte for byte."""

import io
import os
import pathlib
import struct
import subprocess
import tarfile
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms import InterpolationMode

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", REPOSITORY / "build"))
SHARED_DATA = pathlib.Path(os.environ.get("KAZIRANGA_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
PHOTOGRAPHS = "imagenet-samples-400.tar"


def run_dump(mode, paths, folder, short_side=0):
    """Pixels of each path as our program reads them; None where it refuses the file."""
    output = folder / "pixels.bin"
    done = subprocess.run([BUILD / "dump_images", mode, output, str(short_side)], input="".join(f"{p}\n" for p in paths), text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    print(done.stdout, end="")
    images = []
    stream = io.BytesIO(output.read_bytes())
    for _ in paths:
        height, width = struct.unpack("<qq", stream.read(16))
        if height < 0:
            images.append(None)
            continue
        images.append(np.frombuffer(stream.read(height * width * 3), np.uint8).reshape(height, width, 3))
    assert stream.read() == b""
    return images


def read_with_pillow(path):
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def read_reduced_with_pillow(path, by):
    """Pillow's decoder takes the largest of 1/2, 1/4 and 1/8 that leaves at least the size asked for."""
    with Image.open(path) as image:
        width, height = image.size
        image.draft(image.mode, (width // by, height // by))
        assert image.size == (-(-width // by), -(-height // by))
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def difference(ours, peers):
    return [np.abs(a.astype(np.int16) - b) for a, b in zip(ours, peers)]


def photograph(height=61, width=83, seed=0):
    """Smooth shapes with some noise: both what codecs like and what they do not."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    planes = [127 + 100 * np.sin(x / (5 + 3 * c) + y / (11 - 2 * c)) for c in range(3)]
    noise = random.normal(0, 12, (height, width, 3))
    return Image.fromarray((np.stack(planes, -1) + noise).clip(0, 255).astype(np.uint8))


def with_alpha(image):
    height, width = image.height, image.width
    alpha = np.linspace(0, 255, height * width).reshape(height, width).astype(np.uint8)
    image.putalpha(Image.fromarray(alpha))
    return image


def sixteen_bit_png(channels):
    """A PNG of 16 bits a channel, and its high bytes: Pillow cannot write the colour one."""
    color_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    pixels = np.random.default_rng(channels).integers(0, 65536, (19, 23, channels)).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 23, 19, 16, color_type, 0, 0, 0)
    data = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    high = (pixels >> 8).astype(np.uint8)
    return data, np.repeat(high[..., :1], 3, -1) if channels <= 2 else high[..., :3]


FORMATS = {
    "baseline.jpg": lambda p: photograph().save(p, quality=90),
    "baseline_444.jpg": lambda p: photograph().save(p, quality=75, subsampling=0),
    "baseline_422.jpg": lambda p: photograph().save(p, quality=75, subsampling=1),
    "progressive.jpg": lambda p: photograph().save(p, quality=85, progressive=True),
    "restarts.jpg": lambda p: photograph().save(p, quality=85, restart_marker_blocks=3),
    "rgb_coded.jpg": lambda p: photograph().save(p, quality=85, keep_rgb=True),
    "grey.jpg": lambda p: photograph().convert("L").save(p),
    "cmyk.jpg": lambda p: photograph().convert("CMYK").save(p),
    "one_pixel.jpg": lambda p: photograph(1, 1).save(p),
    "grey.png": lambda p: photograph().convert("L").save(p),
    "grey_alpha.png": lambda p: with_alpha(photograph().convert("L")).save(p),
    "palette.png": lambda p: photograph().quantize(200).save(p),
    "palette_16.png": lambda p: photograph().quantize(16).save(p, bits=4),
    "palette_transparent.png": lambda p: photograph().quantize(200).save(p, transparency=7),
    "palette_alphas.png": lambda p: photograph().quantize(200).save(p, transparency=bytes(range(200))),
    "rgb.png": lambda p: photograph().save(p),
    "rgb_key.png": lambda p: photograph().save(p, transparency=(127, 127, 127)),
    "rgba.png": lambda p: with_alpha(photograph()).save(p),
    "one_bit.png": lambda p: photograph().convert("1").save(p),
    "text_and_profile.png": lambda p: photograph().save(p, icc_profile=b"no profile at all"),
    "lossy.webp": lambda p: photograph().save(p, quality=70),
    "lossless.webp": lambda p: photograph().save(p, lossless=True),
    "lossy_alpha.webp": lambda p: with_alpha(photograph()).save(p, quality=70, exact=True),
    "lossless_alpha.webp": lambda p: with_alpha(photograph()).save(p, lossless=True, exact=True),
    "rgb.bmp": lambda p: photograph().save(p),
    "rgba.bmp": lambda p: with_alpha(photograph()).save(p),
    "palette.bmp": lambda p: photograph().quantize(200).save(p),
    "grey.bmp": lambda p: photograph().convert("L").save(p),
    "one_bit.bmp": lambda p: photograph().convert("1").save(p),
}


@pytest.mark.parametrize("name", FORMATS)
def test_decoding_equals_pillow(name, tmp_path):
    path = tmp_path / name
    FORMATS[name](path)
    (ours,) = run_dump("decode", [path], tmp_path)
    np.testing.assert_array_equal(ours, read_with_pillow(path))


def assert_equals_opencv(ours, path, mode=cv2.IMREAD_COLOR):
    peers = cv2.imread(str(path), mode)[..., ::-1]
    assert ours.shape == peers.shape
    (d,) = difference([ours], [peers])
    assert d.max() <= (1 if path.name == "cmyk.jpg" else 0)  # OpenCV rounds products of inks in its own way


@pytest.mark.parametrize("name", FORMATS)
def test_decoding_equals_opencv(name, tmp_path):
    path = tmp_path / name
    FORMATS[name](path)
    (ours,) = run_dump("decode", [path], tmp_path)
    assert_equals_opencv(ours, path)


OPENCV_REDUCED = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}


@pytest.mark.parametrize("by", OPENCV_REDUCED)
@pytest.mark.parametrize("name", [name for name in FORMATS if name.endswith(".jpg") and name != "one_pixel.jpg"])
def test_reduced_jpegs_equal_pillow_and_opencv(name, by, tmp_path):
    path = tmp_path / name
    FORMATS[name](path)
    (ours,) = run_dump("decode", [path], tmp_path, short_side=61 // by)
    np.testing.assert_array_equal(ours, read_reduced_with_pillow(path, by))
    assert_equals_opencv(ours, path, OPENCV_REDUCED[by])


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.endswith(".jpg")])
def test_nothing_but_jpegs_is_reduced(name, tmp_path):
    path = tmp_path / name
    FORMATS[name](path)
    (ours,) = run_dump("decode", [path], tmp_path, short_side=1)
    np.testing.assert_array_equal(ours, read_with_pillow(path))


def test_inks_with_luminance_equal_pillow(tmp_path):
    """YCCK: Adobe's usual way of four inks. The colour transform flag of the Adobe segment tells it from plain CMYK."""
    path = tmp_path / "ycck.jpg"
    photograph().convert("CMYK").save(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"Adobe")
    data[at + 11] = 2
    path.write_bytes(data)
    (ours,) = run_dump("decode", [path], tmp_path)
    np.testing.assert_array_equal(ours, read_with_pillow(path))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bits_give_the_high_byte(channels, tmp_path):
    path = tmp_path / "deep.png"
    data, expected = sixteen_bit_png(channels)
    path.write_bytes(data)
    (ours,) = run_dump("decode", [path], tmp_path)
    np.testing.assert_array_equal(ours, expected)
    if channels > 1:  # grey without alpha Pillow does not scale but clips at 255
        np.testing.assert_array_equal(ours, read_with_pillow(path))


def bmp(bits, pixels, width=9, height=4, compression=0, palette=b"", masks=b"", core=False):
    if core:
        header = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        colors = len(palette) // 4
        header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, colors, 0)
    before = header + masks + palette
    offset = 14 + len(before)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + before + pixels


NOISE = np.random.default_rng(5).integers(0, 256, 4096).astype(np.uint8).tobytes()
RUNS_8 = bytes([4, 1, 5, 2, 0, 0, 0, 3, 7, 8, 9, 0, 6, 3, 0, 0, 0, 2, 2, 1, 7, 5, 0, 1])
RUNS_4 = bytes([9, 0x12, 0, 0, 0, 5, 0x34, 0x56, 0x70, 0, 4, 0x89, 0, 0, 9, 0x44, 0, 0, 9, 0xAB, 0, 1])
UNUSUAL_BMP = {
    "4_bits": bmp(4, NOISE[:32], palette=NOISE[:64]),
    "16_bits": bmp(16, NOISE[:80]),
    "565_bits": bmp(16, NOISE[:80], compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)),
    "32_bits_masked": bmp(32, NOISE[:144], compression=3, masks=struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)),
    "top_down": bmp(24, NOISE[:112], height=-4),
    "old_header": bmp(8, NOISE[:48], palette=NOISE[:768], core=True),
    "runs_8": bmp(8, RUNS_8, compression=1, palette=NOISE[:1024]),
    "runs_4": bmp(4, RUNS_4, compression=2, palette=NOISE[:64]),
}


@pytest.mark.parametrize("name", UNUSUAL_BMP)
def test_unusual_bitmaps_equal_pillow(name, tmp_path):
    path = tmp_path / f"{name}.bmp"
    path.write_bytes(UNUSUAL_BMP[name])
    (ours,) = run_dump("decode", [path], tmp_path)
    np.testing.assert_array_equal(ours, read_with_pillow(path))


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_every_orientation_stands_upright(ending, tmp_path):
    paths = []
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        paths.append(tmp_path / f"{orientation}.{ending}")
        photograph().save(paths[-1], exif=exif.tobytes())
    for path, ours in zip(paths, run_dump("decode", paths, tmp_path)):
        np.testing.assert_array_equal(ours, read_with_pillow(path), err_msg=path.name)
    if ending == "jpg":
        for path, ours in zip(paths, run_dump("decode", paths, tmp_path, short_side=30)):
            np.testing.assert_array_equal(ours, read_reduced_with_pillow(path, 2), err_msg=path.name)


@pytest.mark.parametrize("quality", [1, 50, 90, 95, 100])
@pytest.mark.parametrize("size", [(61, 83), (64, 64), (1, 1), (480, 640)])
def test_written_jpegs_equal_opencv(size, quality):
    bgr = np.ascontiguousarray(np.asarray(photograph(*size))[..., ::-1])
    done = subprocess.run([BUILD / "dump_jpeg", str(quality), str(size[1]), str(size[0])], input=bgr.tobytes(),
                          capture_output=True)
    assert done.returncode == 0, done.stderr
    written, theirs = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert written
    assert done.stdout == theirs.tobytes()


@pytest.fixture(scope="session")
def photographs(tmp_path_factory):
    archive = SHARED_DATA / PHOTOGRAPHS
    if not archive.exists():
        pytest.skip(f"NOT CHECKED: {archive} is missing (set KAZIRANGA_SHARED_DATA to the folder that has it)")
    folder = tmp_path_factory.mktemp("photographs")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    paths = sorted(folder.rglob("*.JPEG"))
    assert len(paths) == 400
    return paths


def peer_transform(interpolation):
    mode = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}[interpolation]
    return transforms.Compose([transforms.Resize(256, interpolation=mode, antialias=True), transforms.CenterCrop(224)])


def test_photographs_decode_as_pillow_does(photographs, tmp_path):
    for path, ours in zip(photographs, run_dump("decode", photographs, tmp_path)):
        np.testing.assert_array_equal(ours, read_with_pillow(path), err_msg=path.name)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
def test_photographs_resize_as_torchvision_does(interpolation, photographs, tmp_path):
    transform = peer_transform(interpolation)
    ours = run_dump(interpolation, photographs, tmp_path)
    peers = [np.asarray(transform(Image.fromarray(read_with_pillow(path)))) for path in photographs]
    differences = difference(ours, peers)
    largest, mean = max(d.max() for d in differences), np.mean([d.mean() for d in differences])
    print(f"{interpolation}: largest difference {largest}, mean {mean:.5f} of 255, {len(ours)} photographs")
    assert largest <= 2
    assert mean <= 0.01


# (523, 257) and (685, 320) are sizes whose rows Pillow resizes first.
SIZES = [(224, 224), (256, 256), (257, 256), (255, 300), (100, 60), (60, 100), (1, 1), (3, 40), (300, 1000), (523, 257),
         (685, 320)]


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
def test_odd_sizes_resize_as_torchvision_does(interpolation, tmp_path):
    paths = [tmp_path / f"{height}x{width}.png" for height, width in SIZES]
    for path, (height, width) in zip(paths, SIZES):
        photograph(height, width).save(path)
    transform = peer_transform(interpolation)
    peers = [np.asarray(transform(Image.open(path))) for path in paths]
    for path, d in zip(paths, difference(run_dump(interpolation, paths, tmp_path), peers)):
        assert d.max() <= 2, path.name
