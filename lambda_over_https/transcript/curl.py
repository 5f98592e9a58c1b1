"""A client's request as a ``curl`` command, laid out to be read."""

from lambda_over_https.transcript.aws_cli import Shell, laid_out


def curl_command(url: str, ca_bundle: str | None, event: str, width: int) -> str:
    """The command that POSTs the event to the URL; it trusts ``ca_bundle`` if one is given."""
    shell = Shell(width=width)
    trust = [shell.option("--cacert", ca_bundle)] if ca_bundle else []
    return laid_out("curl", [*trust, "-X POST", shell.option("-d", event), shell.word(url)], width)
