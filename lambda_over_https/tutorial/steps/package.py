"""Step 2.1: the deployment package, a zip with the handler's module at its root."""

from lambda_over_https.deployment.handler.sources import build_archive, code_sha256, read_source
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.files import write_private
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step


class Archive(Part):
    """The zip file in the deployment's own folder."""

    def name(self, stack: Stack) -> str:
        return stack.names.archive

    def look(self, stack: Stack) -> Sighting:
        try:
            found = stack.archive.read_bytes()
        except FileNotFoundError:
            return ABSENT
        path, detail = str(stack.archive), {"code_sha256": code_sha256(found)}
        if not stack.choices.source_path.exists():
            return Sighting(Standing.PARTIAL, "the function's source is gone", path, "", detail)
        if found != _built(stack):
            return Sighting(Standing.PARTIAL, "the function's source has changed", path, "", detail)
        return Sighting(Standing.OURS, id=path, detail=detail)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        archive = _built(stack)
        write_private(stack.archive, archive)
        return Product(str(stack.archive), "", {"code_sha256": code_sha256(archive)})

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        existed = stack.archive.exists()
        stack.archive.unlink(missing_ok=True)
        return existed


def _built(stack: Stack) -> bytes:
    return build_archive(read_source(stack.choices.source_path), stack.choices.runtime)


ARCHIVE = Archive(kind=Kind.ARCHIVE, local=True)

STEP = Step(lesson("2.1"), needs=("1",), parts=lambda _: (ARCHIVE,))
