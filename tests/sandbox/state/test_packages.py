"""Packages: one that cannot be unpacked changes nothing, and code that nobody needs any more is removed."""

import io
import struct
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.state.packages import KEPT_SECONDS, Packages
from tests.kit.sandbox.control import Clients, create_function, package, refused
from tests.kit.sandbox.lambda_lab import eventually

CANNOT = "Could not unzip uploaded file. Please check your file, then try to upload again."
LARGE = b"\0" * 1_000_000


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def wrong_sum() -> bytes:
    """Its CRC is another one, in both headers."""
    return zipped(main=b"x", large=LARGE).replace(struct.pack("<I", zlib.crc32(LARGE)), b"\1\2\3\4")


def encrypted() -> bytes:
    """Its one member says that it is encrypted."""
    content = bytearray(zipped(main=b"x"))
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def unknown_compression() -> bytes:
    content = bytearray(zipped(main=b"x"))
    content[8] = content[content.find(b"PK\x01\x02") + 10] = 99
    return bytes(content)


def cut() -> bytes:
    """The end of its data is something else."""
    content = bytearray(zipped(main=b"0123456789" * 100, large=bytes(range(256)) * 100))
    content[60:90] = b"\xff" * 30
    return bytes(content)


def file_as_folder() -> bytes:
    """One member is a file, and another lies in it."""
    return zipped(**{"main": b"x", "main/inner": b"y"})


def endless_name() -> bytes:
    """No file system has a name of so many characters."""
    return zipped(**{"x" * 1000: b"y"})


BROKEN = [wrong_sum, encrypted, unknown_compression, cut, file_as_folder, endless_name]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.__name__)
def test_a_package_that_cannot_be_unpacked_leaves_nothing(tmp_path: Path, broken: Any) -> None:
    packages = Packages(tmp_path / "code")
    for _ in range(3):
        with pytest.raises(AwsError, match="Could not unzip uploaded file"):
            packages.unpack(broken())
    assert list((tmp_path / "code").iterdir()) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.__name__)
def test_it_makes_no_function_and_updates_none(aws: Clients, unique: str, role: str, broken: Any) -> None:
    client = aws("lambda")
    answer = (400, "InvalidParameterValueException", CANNOT)
    code = {"ZipFile": broken()}
    assert refused(create_function, client=client, name=unique, role=role, Code=code) == answer
    assert refused(client.get_function, FunctionName=unique)[1] == "ResourceNotFoundException"
    made = create_function(client, unique, role)
    assert refused(client.update_function_code, FunctionName=unique, **code) == answer
    assert client.get_function(FunctionName=unique)["Configuration"]["CodeSha256"] == made["CodeSha256"]
    assert client.invoke(FunctionName=unique, Payload=b"1")["Payload"].read() == b"1"


def test_names_that_lead_elsewhere_stay_in_the_folder(tmp_path: Path) -> None:
    names = {"../../slipped": b"x", "/slipped": b"x", "a/../../b": b"x"}
    folder = Packages(tmp_path / "code").unpack(zipped(**names))
    assert folder.is_dir()
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and folder not in path.parents]
    assert outside == []
    assert not Path("/slipped").exists()


def test_equal_packages_share_a_folder(tmp_path: Path) -> None:
    packages = Packages(tmp_path / "code")
    first = packages.unpack(package())
    assert packages.unpack(package(), sha256(package()).hexdigest()) == first
    assert [each.name for each in (tmp_path / "code").iterdir()] == [first.name]


@pytest.mark.parametrize(
    ("packed", "unpacked"),
    [(0o755, 0o700), (0o644, 0o600), (0o750, 0o200), (0o600, 0o200), (0o100640, 0o200), (0o711, 0o300)],
)
def test_what_others_may_do_with_a_file_is_what_the_function_may(
    tmp_path: Path, packed: int, unpacked: int
) -> None:
    item = zipfile.ZipInfo("file")
    item.external_attr = packed << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(item, "#!/bin/sh\n")
    folder = Packages(tmp_path / "code").unpack(content.getvalue())
    assert (folder / "file").stat().st_mode & 0o777 == unpacked


def test_a_file_of_a_zip_without_permissions_may_be_read(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("file", "x")
        archive.filelist[-1].external_attr = 0  # as a zip that Windows makes
    assert (Packages(tmp_path / "code").unpack(content.getvalue()) / "file").read_text() == "x"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_code_that_nobody_needs_goes_after_a_while_and_other_code_stays(tmp_path: Path) -> None:
    clock = Clock()
    packages = Packages(tmp_path / "code", clock)
    kept, old = packages.unpack(package("one = 1")), packages.unpack(package("two = 2"))
    packages.collect([kept.name])
    clock.now = KEPT_SECONDS - 1
    packages.collect([kept.name])
    assert old.is_dir(), "a call that makes a function of it may be under way"
    clock.now = KEPT_SECONDS
    packages.collect([kept.name])
    assert eventually(lambda: [each.name for each in (tmp_path / "code").iterdir()] == [kept.name])


def test_code_that_is_used_again_stays(tmp_path: Path) -> None:
    clock = Clock()
    packages = Packages(tmp_path / "code", clock)
    folder = packages.unpack(package())
    packages.collect([])
    clock.now = KEPT_SECONDS
    assert packages.unpack(package()) == folder
    packages.collect([])
    packages.collect([folder.name])
    assert (folder / "main.py").exists()
