"""Lambda: the operations and members that the sandbox serves."""

from typing import Final

from lambda_over_https.sandbox.strict.members.table import Served, Service

_DEFAULTS: Final = {
    "TracingConfig.Mode": "PassThrough",
    "EphemeralStorage.Size": "512",
    "SnapStart.ApplyOn": "None",
}
_SETTINGS: Final = "Runtime Role Handler Timeout MemorySize Environment.Variables Layers LoggingConfig"
_WEIGHTS: Final = "RoutingConfig.AdditionalVersionWeights"
_EVENTS: Final = Served(
    "FunctionName Qualifier MaximumRetryAttempts MaximumEventAgeInSeconds "
    "DestinationConfig.OnSuccess.Destination DestinationConfig.OnFailure.Destination"
)
_URL: Final = Served("FunctionName Qualifier AuthType", only={"InvokeMode": "BUFFERED"})
_FUNCTION: Final = Served("FunctionName")
_QUALIFIED: Final = Served("FunctionName Qualifier")
_LAYER_VERSION: Final = Served("LayerName VersionNumber")
_LAYERS: Final = "CompatibleRuntime CompatibleArchitecture Marker MaxItems"
_LISTING: Final = Served("FunctionName Marker MaxItems")

SERVICE: Final = Service(
    "Lambda",
    {
        "AddLayerVersionPermission": Served(
            "LayerName VersionNumber StatementId RevisionId", "Action Principal"
        ),
        "AddPermission": Served(
            "FunctionName Qualifier StatementId Action Principal SourceArn SourceAccount FunctionUrlAuthType "
            "InvokedViaFunctionUrl PrincipalOrgID EventSourceToken RevisionId"
        ),
        "CreateAlias": Served(f"FunctionName Name FunctionVersion {_WEIGHTS}", "Description"),
        "CreateEventSourceMapping": Served(
            "FunctionName EventSourceArn Enabled BatchSize StartingPosition StartingPositionTimestamp"
        ),
        "CreateFunction": Served(
            f"FunctionName {_SETTINGS} Code.ZipFile Publish Tags",
            "Description Architectures",
            {**_DEFAULTS, "PackageType": "Zip"},
        ),
        "CreateFunctionUrlConfig": _URL,
        "DeleteAlias": Served("FunctionName Name"),
        "DeleteEventSourceMapping": Served("UUID"),
        "DeleteFunction": _QUALIFIED,
        "DeleteFunctionConcurrency": _FUNCTION,
        "DeleteFunctionEventInvokeConfig": _QUALIFIED,
        "DeleteFunctionUrlConfig": _QUALIFIED,
        "DeleteLayerVersion": _LAYER_VERSION,
        "DeleteProvisionedConcurrencyConfig": _QUALIFIED,
        "GetAccountSettings": Served(),
        "GetAlias": Served("FunctionName Name"),
        "GetEventSourceMapping": Served("UUID"),
        "GetFunction": _QUALIFIED,
        "GetFunctionCodeSigningConfig": _FUNCTION,
        "GetFunctionConcurrency": _FUNCTION,
        "GetFunctionConfiguration": _QUALIFIED,
        "GetFunctionEventInvokeConfig": _QUALIFIED,
        "GetFunctionRecursionConfig": _FUNCTION,
        "GetFunctionUrlConfig": _QUALIFIED,
        "GetLayerVersion": _LAYER_VERSION,
        "GetLayerVersionByArn": Served("Arn"),
        "GetLayerVersionPolicy": _LAYER_VERSION,
        "GetPolicy": _QUALIFIED,
        "GetProvisionedConcurrencyConfig": _QUALIFIED,
        "Invoke": Served("FunctionName Qualifier InvocationType LogType ClientContext Payload"),
        "InvokeAsync": Served("FunctionName InvokeArgs"),
        "ListAliases": Served("FunctionName FunctionVersion Marker MaxItems"),
        "ListEventSourceMappings": Served("EventSourceArn FunctionName Marker MaxItems"),
        "ListFunctionEventInvokeConfigs": _LISTING,
        "ListFunctionUrlConfigs": _LISTING,
        "ListFunctions": Served("FunctionVersion Marker MaxItems"),
        "ListLayers": Served(_LAYERS),
        "ListLayerVersions": Served(f"LayerName {_LAYERS}"),
        "ListProvisionedConcurrencyConfigs": _LISTING,
        "ListTags": Served("Resource"),
        "ListVersionsByFunction": _LISTING,
        "PublishLayerVersion": Served(
            "LayerName Content.ZipFile CompatibleRuntimes CompatibleArchitectures", "Description LicenseInfo"
        ),
        "PublishVersion": Served("FunctionName CodeSha256 RevisionId", "Description"),
        "PutFunctionConcurrency": Served("FunctionName ReservedConcurrentExecutions"),
        "PutFunctionEventInvokeConfig": _EVENTS,
        "PutFunctionRecursionConfig": Served("FunctionName RecursiveLoop"),
        "PutProvisionedConcurrencyConfig": Served("FunctionName Qualifier ProvisionedConcurrentExecutions"),
        "RemoveLayerVersionPermission": Served("LayerName VersionNumber StatementId RevisionId"),
        "RemovePermission": Served("FunctionName Qualifier StatementId RevisionId"),
        "TagResource": Served("Resource Tags"),
        "UntagResource": Served("Resource TagKeys"),
        "UpdateAlias": Served(f"FunctionName Name FunctionVersion {_WEIGHTS} RevisionId", "Description"),
        "UpdateEventSourceMapping": Served("UUID FunctionName Enabled BatchSize"),
        "UpdateFunctionCode": Served("FunctionName ZipFile Publish DryRun RevisionId", "Architectures"),
        "UpdateFunctionConfiguration": Served(
            f"FunctionName {_SETTINGS} RevisionId", "Description", _DEFAULTS
        ),
        "UpdateFunctionEventInvokeConfig": _EVENTS,
        "UpdateFunctionUrlConfig": _URL,
    },
    {
        "Cors": "let the handler send the Access-Control headers",
        "InvokeMode": "use BUFFERED: the sandbox answers when the function has ended",
        "CodeSigningConfigArn": "leave it out: the sandbox runs your own code, signed or not",
        "Code.ImageUri": "package the code as a zip file (ZipFile): the sandbox runs no container images",
        "ImageUri": "package the code as a zip file (ZipFile): the sandbox runs no container images",
        "S3Bucket": "send the package itself, as ZipFile",
        "S3Key": "send the package itself, as ZipFile",
        "DeadLetterConfig": "send failures to a function with PutFunctionEventInvokeConfig",
        "EphemeralStorage.Size": "leave it out: a function writes to this machine's own disk",
        "FileSystemConfigs": "put the files into the function's package",
        "OrganizationId": "name an account as Principal: the sandbox has no organizations",
        "KMSKeyArn": "leave it out: nothing in the sandbox is encrypted",
        "SnapStart": "leave it out: the sandbox starts functions in milliseconds",
        "TracingConfig.Mode": "leave it out: the sandbox has no X-Ray",
        "VpcConfig": "leave it out: a function reaches the network as this machine does",
        "PackageType": "package the code as a zip file: the sandbox runs no container images",
        "InvokeWithResponseStream": "use Invoke: the sandbox answers when the function has ended",
    },
)
