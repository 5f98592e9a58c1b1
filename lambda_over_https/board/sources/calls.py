"""An AWS call of the history as an event of the board."""

import json
from collections.abc import Iterable, Iterator

from lambda_over_https.board.vocabulary import Document, shortened
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.answers import readable, subject
from lambda_over_https.transcript.aws_cli import aws_command
from lambda_over_https.transcript.python import python_call


def shown(calls: Iterable[Call]) -> Iterator[Document]:
    """The calls that are worth showing: those that change something or run the function, and failures."""
    return (described(call) for call in calls if call.changes or call.tries)


def described(call: Call) -> Document:
    """The call with its boto3 and ``aws`` forms and AWS's answer."""
    return {
        "at": call.at,
        "step": call.step,
        "service": call.service,
        "operation": call.operation,
        "subject": shortened(subject(call), 100),
        "error": call.error,
        "ms": round(call.seconds * 1000, 1),
        "attempts": call.attempts,
        "boto3": shortened(python_call(call)),
        "aws": shortened(aws_command(call)),
        "answer": shortened(json.dumps(call.answer, indent=2, default=readable, ensure_ascii=False)),
    }
