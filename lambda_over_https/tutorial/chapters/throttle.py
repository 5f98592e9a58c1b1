"""Throttle: how many requests the stage lets through to POST."""

from typing import Any

from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH, STAGE
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing
from lambda_over_https.tutorial.parts.reading import stage_settings, stage_settings_path
from lambda_over_https.words import told

RATE = 2
"""Requests a second that flow into the bucket."""

BURST = 3
"""Requests that fit into it."""


class Throttle(Part):
    """The stage's limits for POST; the settings of other methods and of the whole stage stay as they are."""

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH} throttle"

    def look(self, stack: Stack) -> Sighting:
        found = stage_settings(stack).get(f"{PATH}/{METHOD}")
        if found is None:
            return ABSENT
        rate, burst = found.get("throttlingRateLimit"), found.get("throttlingBurstLimit")
        if (rate, burst) != (RATE, BURST):
            return Sighting(Standing.PARTIAL, f"its rate is {told(rate)} and its burst {told(burst)}", STAGE)
        return Sighting(Standing.OURS, id=STAGE)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        path = stage_settings_path(METHOD)
        limits = (("rateLimit", RATE), ("burstLimit", BURST))
        self._patch(
            stack,
            *(
                {"op": "replace", "path": f"{path}/throttling/{name}", "value": str(value)}
                for name, value in limits
            ),
        )
        return Product(STAGE)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        stack.readings.forget()
        if self.look(stack) is ABSENT:
            return False
        self._patch(stack, {"op": "remove", "path": stage_settings_path(METHOD)})
        return True

    def _patch(self, stack: Stack, *operations: Any) -> None:
        stack.cloud.apigateway.update_stage(
            restApiId=stack.id_of(Kind.REST_API), stageName=STAGE, patchOperations=operations
        )


THROTTLE = Throttle(
    kind=Kind.METHOD_SETTINGS,
    owner=Kind.REST_API,
    creates=("apigateway:UpdateStage",),
    updates=("apigateway:UpdateStage",),
    removes=("apigateway:UpdateStage",),
    cascades=True,
    rests_on=(Kind.STAGE,),
    chapter="throttle",
)

CHAPTER = Chapter(
    outline=outline("throttle"),
    parts=lambda _: (THROTTLE,),
    calls={"apigateway:UpdateStage": needs("stage", "apigateway:PATCH")},
)
