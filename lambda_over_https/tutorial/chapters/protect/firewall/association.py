"""What puts the firewall before the stage."""

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE
from lambda_over_https.tutorial.chapters.protect.firewall.waf import CHAPTER
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, Turn, deleted
from lambda_over_https.tutorial.parts.reading import stage


class Association(Part):
    """What puts the web ACL before the stage."""

    def name(self, stack: Stack) -> str:
        return STAGE

    def look(self, stack: Stack) -> Sighting:
        guard = stage(stack).get("webAclArn")
        if not guard:
            return ABSENT
        if f":regional/webacl/{stack.names.firewall}/" not in guard:
            return Sighting(Standing.PARTIAL, "another web ACL guards the stage", STAGE)
        return Sighting(Standing.OURS, id=STAGE)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        web_acl = stack.record(Kind.WEB_ACL)
        stack.cloud.wafv2.associate_web_acl(
            WebACLArn=web_acl.arn if web_acl else "", ResourceArn=_stage_arn(stack)
        )
        return Product(STAGE)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        waf = stack.cloud.wafv2
        return deleted(
            lambda: waf.disassociate_web_acl(ResourceArn=_stage_arn(stack)),
            waf.exceptions.WAFNonexistentItemException,
        )


def _stage_arn(stack: Stack) -> str:
    return arns.stage(stack.place, stack.id_of(Kind.REST_API), STAGE)


ASSOCIATION = Association(
    kind=Kind.WEB_ACL_ASSOCIATION,
    owner=Kind.WEB_ACL,
    creates=("wafv2:AssociateWebACL",),
    updates=("wafv2:AssociateWebACL",),
    removes=("wafv2:DisassociateWebACL",),
    turn=Turn.FIRST,
    rests_on=(Kind.WEB_ACL, Kind.STAGE),
    chapter=CHAPTER,
)
