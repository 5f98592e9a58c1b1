"""The request of a client, as a ``curl`` command that is laid out to be read."""

from lambda_over_https.transcript.aws_cli import Shell, laid_out


def curl_command(url: str, ca_bundle: str | None, event: str, width: int) -> str:
    """POST the event to the URL, trusting ``ca_bundle`` if one is given."""
    shell = Shell(width=width)
    trust = [shell.option("--cacert", ca_bundle)] if ca_bundle else []
    return laid_out("curl", [*trust, "-X POST", shell.option("-d", event), shell.word(url)], width)
