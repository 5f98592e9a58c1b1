"""Which Regions of AWS there are, as botocore knows them: one that AWS has opened since is not among them."""

from difflib import get_close_matches

from lambda_over_https.aws.sessions import Access
from lambda_over_https.errors import UsageError

SUGGESTED = 3


def check_region(access: Access, region: str) -> None:
    """Raises UsageError for a Region that botocore does not know, with the nearest that it knows."""
    session = access.session
    partitions = session.get_available_partitions()
    known = [each for name in partitions for each in session.get_available_regions("lambda", name)]
    if region in known:
        return
    close = sorted(get_close_matches(region, known, SUGGESTED))
    raise UsageError(
        f"AWS has no Region {region}, as far as this version of boto3 knows.",
        f"Choose another with --region: {', '.join(close or session.get_available_regions('lambda'))}.",
    )
