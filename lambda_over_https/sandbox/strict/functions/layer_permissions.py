"""The policy of a layer's version. It matters only to other accounts, so here it is kept and told."""

import json
import uuid

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.layer_versions import (
    LayerVersion,
    find_version,
    layer_arn,
    layer_name,
)
from lambda_over_https.sandbox.control.functions.settings import stale_revision
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.functions.permissions import statement_exists, statement_of


def add(call: AwsCall) -> AwsResponse:
    """Answer AddLayerVersionPermission."""
    version = _version(call)
    sid = call.parameters["StatementId"]
    if any(statement["Sid"] == sid for statement in version.statements):
        raise statement_exists(sid)
    _check_revision(call, version)
    statement = statement_of(call, version.arn)
    version.statements.append(statement)
    version.revision = str(uuid.uuid4())
    told = {"Statement": json.dumps(statement, separators=(",", ":")), "RevisionId": version.revision}
    return AwsResponse.json(201, told)


def get(call: AwsCall) -> AwsResponse:
    """Answer GetLayerVersionPolicy."""
    version = _version(call)
    if not version.statements:
        raise _missing("No policy is associated with the given resource.")
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": version.statements}
    told = {"Policy": json.dumps(policy, separators=(",", ":")), "RevisionId": version.revision}
    return AwsResponse.json(200, told)


def remove(call: AwsCall) -> AwsResponse:
    """Answer RemoveLayerVersionPermission."""
    version, sid = _version(call), call.parameters["StatementId"]
    kept = [statement for statement in version.statements if statement["Sid"] != sid]
    if len(kept) == len(version.statements):
        raise _missing(f"Statement {sid} is not found in resource policy.")
    _check_revision(call, version)
    version.statements[:] = kept
    version.revision = str(uuid.uuid4())
    return AwsResponse.json(204)


def _version(call: AwsCall) -> LayerVersion:
    name, number = layer_name(call.parameters["LayerName"]), call.parameters["VersionNumber"]
    version = find_version(call.region, name, number)
    if version is None:
        raise _missing(f"Layer version {layer_arn(call.region, name)}:{number} does not exist.")
    return version


def _check_revision(call: AwsCall, version: LayerVersion) -> None:
    asked = call.parameters.get("RevisionId")
    if asked and asked != version.revision:
        raise stale_revision("GetLayerPolicy")


def _missing(message: str) -> AwsError:
    return AwsError("ResourceNotFoundException", message, 404)
