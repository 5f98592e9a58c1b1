"""Lambda: the operations and members that the sandbox serves."""

from typing import Final

from lambda_over_https.sandbox.strict.members.table import Served, Service

_DEFAULTS: Final = {
    "TracingConfig.Mode": "PassThrough",
    "EphemeralStorage.Size": "512",
    "SnapStart.ApplyOn": "None",
    "LoggingConfig.LogFormat": "Text",
}
_SETTINGS: Final = "Runtime Role Handler Timeout MemorySize Environment.Variables"
_EVENTS: Final = (
    "FunctionName Qualifier MaximumRetryAttempts MaximumEventAgeInSeconds "
    "DestinationConfig.OnSuccess.Destination DestinationConfig.OnFailure.Destination"
)
_FUNCTION: Final = Served("FunctionName")
_QUALIFIED: Final = Served("FunctionName Qualifier")
_LISTING: Final = Served("FunctionName Marker MaxItems")

SERVICE: Final = Service(
    "Lambda",
    {
        "AddPermission": Served(
            "FunctionName Qualifier StatementId Action Principal SourceArn SourceAccount RevisionId"
        ),
        "CreateAlias": Served("FunctionName Name FunctionVersion", "Description"),
        "CreateFunction": Served(
            f"FunctionName {_SETTINGS} Code.ZipFile Publish Tags",
            "Description Architectures",
            {**_DEFAULTS, "PackageType": "Zip"},
        ),
        "DeleteAlias": Served("FunctionName Name"),
        "DeleteFunction": _QUALIFIED,
        "DeleteFunctionConcurrency": _FUNCTION,
        "GetAlias": Served("FunctionName Name"),
        "GetFunction": _QUALIFIED,
        "GetFunctionCodeSigningConfig": _FUNCTION,
        "GetFunctionConcurrency": _FUNCTION,
        "GetFunctionConfiguration": _QUALIFIED,
        "GetPolicy": _QUALIFIED,
        "Invoke": Served("FunctionName Qualifier InvocationType LogType ClientContext Payload"),
        "InvokeAsync": Served("FunctionName InvokeArgs"),
        "ListAliases": Served("FunctionName FunctionVersion Marker MaxItems"),
        "ListFunctions": Served("FunctionVersion Marker MaxItems"),
        "ListTags": Served("Resource"),
        "ListVersionsByFunction": _LISTING,
        "PublishVersion": Served("FunctionName CodeSha256 RevisionId", "Description"),
        "PutFunctionConcurrency": Served("FunctionName ReservedConcurrentExecutions"),
        "RemovePermission": Served("FunctionName Qualifier StatementId RevisionId"),
        "TagResource": Served("Resource Tags"),
        "UntagResource": Served("Resource TagKeys"),
        "UpdateAlias": Served("FunctionName Name FunctionVersion RevisionId", "Description"),
        "UpdateFunctionCode": Served("FunctionName ZipFile Publish DryRun RevisionId", "Architectures"),
        "UpdateFunctionConfiguration": Served(
            f"FunctionName {_SETTINGS} RevisionId", "Description", _DEFAULTS
        ),
    },
    {
        "CodeSigningConfigArn": "leave it out: the sandbox runs your own code, signed or not",
        "Code.ImageUri": "package the code as a zip file (ZipFile): the sandbox runs no container images",
        "ImageUri": "package the code as a zip file (ZipFile): the sandbox runs no container images",
        "S3Bucket": "send the package itself, as ZipFile",
        "S3Key": "send the package itself, as ZipFile",
        "DeadLetterConfig": "read the failure in the function's log group",
        "EphemeralStorage.Size": "leave it out: a function writes to this machine's own disk",
        "FileSystemConfigs": "put the files into the function's package",
        "KMSKeyArn": "leave it out: nothing in the sandbox is encrypted",
        "Layers": "put the layer's modules into the function's package",
        "PublishLayerVersion": "put the layer's modules into the function's package",
        "LoggingConfig": "let the handler itself print JSON, or set LoggingConfig only on AWS",
        "SnapStart": "leave it out: the sandbox starts functions in milliseconds",
        "TracingConfig.Mode": "leave it out: the sandbox has no X-Ray",
        "VpcConfig": "leave it out: a function reaches the network as this machine does",
        "PackageType": "package the code as a zip file: the sandbox runs no container images",
        "EventSourceToken": "name the caller with SourceArn or SourceAccount",
        "PrincipalOrgID": "name the principal's account: the sandbox has no organizations",
        "InvokeWithResponseStream": "use Invoke: the sandbox answers when the function has ended",
    },
)
