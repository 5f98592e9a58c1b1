"""Whose a host is, by its name: this machine's, or AWS's."""

_AWS = (
    *(".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"),
    *(".api.amazonwebservices.com.cn", ".api.amazonwebservices.eu"),
)
"""Where AWS answers, VPC endpoints included: the suffixes in botocore's endpoints.json."""


def is_this_machine(host: str) -> bool:
    """Whether a host is an address of this machine that nobody else reaches."""
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_aws(host: str) -> bool:
    """Whether AWS itself answers at that host."""
    return host.rstrip(".").lower().endswith(_AWS)


def host_of(url: str) -> str:
    """The host of a URL; empty if it has none."""
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""
