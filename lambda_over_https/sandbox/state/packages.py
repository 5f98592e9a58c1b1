"""The unpacked code of functions: one folder for each content of a package, for as long as it is needed."""

import io
import shutil
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from lambda_over_https.files import private_folder
from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.layer_versions import LayerVersion, find_version_by_arn
from lambda_over_https.sandbox.control.layer import Layer
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.services.lambda_functions import check_package, package_of

KEPT_SECONDS = 30.0
"""How long a folder stays after its last use: a call that creates a function may still be under way."""

_DRAFT, _GONE = ".draft", ".gone"
_CODE_CALLS = frozenset({"CreateFunction", "UpdateFunctionCode"})
_LAYERED_CALLS = frozenset({"CreateFunction", "UpdateFunctionConfiguration"})
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a method of compression that Python lacks
    RuntimeError,  # encrypted
    OSError,  # names that no file can have
    ValueError,
)


class Packages:
    """Unpacked packages in ``folder``."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._unused: dict[str, float] = {}
        self._lock = threading.Lock()

    def unpack(self, content: bytes, digest: str = "") -> Path:
        """The folder with the package's files. ``digest`` is its SHA-256 in hexadecimal, if that is known.

        AwsError InvalidParameterValueException, and nothing on disk, if it cannot be unpacked.
        """
        return self._unpacked([content], digest or sha256(content).hexdigest())

    def unpack_layers(self, layers: Sequence[LayerVersion]) -> Path | None:
        """The folder with the files of all these layers; None if there are none.

        They are unpacked in their order: a file of a later one replaces that of an earlier one (Lambda guide,
        "Adding layers to functions").
        """
        return self._unpacked([each.content for each in layers], layers_digest(layers)) if layers else None

    def _unpacked(self, contents: Sequence[bytes], name: str) -> Path:
        folder = self._folder / name
        with self._lock:
            self._unused.pop(folder.name, None)
            there = folder.is_dir()
        if not there:
            _unpack(contents, folder)
        return folder

    def collect(self, used: Iterable[str]) -> None:
        """Remove the folders whose names, digests, have not been among those ``used`` for a while."""
        names = set(used)
        for folder in list(self._folder.iterdir()) if self._folder.is_dir() else []:
            if folder.suffix not in (_DRAFT, _GONE) and self._is_over(folder, names):
                threading.Thread(target=shutil.rmtree, args=(folder.with_suffix(_GONE), True)).start()

    def _is_over(self, folder: Path, used: set[str]) -> bool:
        """Whether nobody needs the folder any more; it is then put aside."""
        now = self._clock()
        with self._lock:
            if folder.name in used:
                self._unused.pop(folder.name, None)
                return False
            if now - self._unused.setdefault(folder.name, now) < KEPT_SECONDS:
                return False
            del self._unused[folder.name]
            folder.rename(folder.with_suffix(_GONE))
            return True


def layers_digest(layers: Sequence[LayerVersion]) -> str:
    """The name of the folder with the files of these layers."""
    if len(layers) == 1:
        return layers[0].digest
    return sha256("".join(each.digest for each in layers).encode()).hexdigest()


def _unpack(contents: Sequence[bytes], folder: Path) -> None:
    private_folder(folder.parent)
    draft = Path(tempfile.mkdtemp(_DRAFT, dir=folder.parent))
    try:
        for content in contents:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                for item in package.infolist():
                    _extract(package, item, draft)
    except _BROKEN as error:
        shutil.rmtree(draft, ignore_errors=True)
        message = "Could not unzip uploaded file. Please check your file, then try to upload again."
        raise AwsError("InvalidParameterValueException", message) from error
    try:
        draft.rename(folder)
    except OSError:  # the other thread unpacked it first
        shutil.rmtree(draft)


def _extract(package: zipfile.ZipFile, item: zipfile.ZipInfo, folder: Path) -> None:
    """Extract a file. Its permissions are what zipfile leaves out; a zip need not tell them.

    Functions run as another user than the files' owner: what others may do is what counts (Lambda guide,
    "Troubleshoot deployment issues in Lambda": "The Lambda runtime needs permission to read the files").
    """
    file = Path(package.extract(item, folder))
    permissions = (item.external_attr >> 16) & 0o777
    if permissions and file.is_file():
        file.chmod(0o200 | (permissions & 0o005) << 6)


class Unpacking(Layer):
    """Unpacks a package before the function is made or changed, so that a broken one changes nothing.

    So it does with the layers that a function is to use.
    """

    services = frozenset({"lambda"})

    def __init__(self, packages: Packages) -> None:
        self._packages = packages

    def before(self, call: AwsCall) -> None:
        """Unpack the package of the call, if it has one."""
        if call.operation in _CODE_CALLS:
            content = package_of(call)
            if content is not None:
                check_package(call)
                self._packages.unpack(content)
        if call.operation in _LAYERED_CALLS:
            found = map(find_version_by_arn, call.parameters.get("Layers") or ())
            self._packages.unpack_layers([version for version in found if version])
