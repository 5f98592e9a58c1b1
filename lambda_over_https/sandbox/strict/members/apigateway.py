"""API Gateway: the operations and members that the sandbox serves."""

from typing import Final

from lambda_over_https.sandbox.strict.members.table import Served, Service

_API: Final = Served("restApiId")
_METHOD: Final = "restApiId resourceId httpMethod"
_PATCHES: Final = "patchOperations"
_PAGES: Final = "position limit"
_STAGE: Final = "restApiId stageName cacheClusterEnabled cacheClusterSize variables"
_INTERNET: Final = {"connectionType": "INTERNET", "responseTransferMode": "BUFFERED"}

SERVICE: Final = Service(
    "API Gateway",
    {
        "CreateApiKey": Served("name enabled value customerId tags", "description generateDistinctId"),
        "CreateAuthorizer": Served(
            "restApiId name",
            "type providerARNs authType authorizerUri authorizerCredentials identitySource "
            "identityValidationExpression authorizerResultTtlInSeconds",
        ),
        "CreateDeployment": Served(_STAGE, "description stageDescription"),
        "CreateDocumentationPart": Served("restApiId", "location properties"),
        "CreateDocumentationVersion": Served("restApiId documentationVersion", "description"),
        "CreateModel": Served("restApiId name schema contentType", "description"),
        "CreateRequestValidator": Served("restApiId name validateRequestBody validateRequestParameters"),
        "CreateResource": Served("restApiId parentId pathPart"),
        "CreateRestApi": Served(
            "name binaryMediaTypes apiKeySource policy tags disableExecuteApiEndpoint minimumCompressionSize "
            "endpointConfiguration.types",
            "description version endpointConfiguration.ipAddressType",
        ),
        "CreateStage": Served(f"{_STAGE} deploymentId tags", "description documentationVersion"),
        "CreateUsagePlan": Served("name apiStages throttle quota tags", "description"),
        "CreateUsagePlanKey": Served("usagePlanId keyId keyType"),
        "DeleteApiKey": Served("apiKey"),
        "DeleteAuthorizer": Served("restApiId authorizerId"),
        "DeleteDeployment": Served("restApiId deploymentId"),
        "DeleteDocumentationPart": Served("restApiId documentationPartId"),
        "DeleteDocumentationVersion": Served("restApiId documentationVersion"),
        "DeleteGatewayResponse": Served("restApiId responseType"),
        "DeleteIntegration": Served(_METHOD),
        "DeleteIntegrationResponse": Served(f"{_METHOD} statusCode"),
        "DeleteMethod": Served(_METHOD),
        "DeleteMethodResponse": Served(f"{_METHOD} statusCode"),
        "DeleteModel": Served("restApiId modelName"),
        "DeleteRequestValidator": Served("restApiId requestValidatorId"),
        "DeleteResource": Served("restApiId resourceId"),
        "DeleteRestApi": _API,
        "DeleteStage": Served("restApiId stageName"),
        "DeleteUsagePlan": Served("usagePlanId"),
        "DeleteUsagePlanKey": Served("usagePlanId keyId"),
        "FlushStageCache": Served("restApiId stageName"),
        "GetAccount": Served(),
        "GetApiKey": Served("apiKey includeValue"),
        "GetApiKeys": Served(f"{_PAGES} nameQuery customerId includeValues"),
        "GetAuthorizer": Served("restApiId authorizerId"),
        "GetAuthorizers": Served(f"restApiId {_PAGES}"),
        "GetDeployment": Served("restApiId deploymentId embed"),
        "GetDeployments": Served(f"restApiId {_PAGES}"),
        "GetDocumentationPart": Served("restApiId documentationPartId"),
        "GetDocumentationParts": Served(f"restApiId type path {_PAGES}"),
        "GetDocumentationVersion": Served("restApiId documentationVersion"),
        "GetDocumentationVersions": Served(f"restApiId {_PAGES}"),
        "GetGatewayResponse": Served("restApiId responseType"),
        "GetGatewayResponses": Served(f"restApiId {_PAGES}"),
        "GetIntegration": Served(_METHOD),
        "GetIntegrationResponse": Served(f"{_METHOD} statusCode"),
        "GetMethod": Served(_METHOD),
        "GetMethodResponse": Served(f"{_METHOD} statusCode"),
        "GetModel": Served("restApiId modelName"),
        "GetModels": Served(f"restApiId {_PAGES}"),
        "GetRequestValidator": Served("restApiId requestValidatorId"),
        "GetRequestValidators": Served(f"restApiId {_PAGES}"),
        "GetResource": Served("restApiId resourceId embed"),
        "GetResources": Served(f"restApiId {_PAGES} embed"),
        "GetRestApi": _API,
        "GetRestApis": Served(_PAGES),
        "GetStage": Served("restApiId stageName"),
        "GetStages": Served("restApiId deploymentId"),
        "GetTags": Served(f"resourceArn {_PAGES}"),
        "DeleteVpcLink": Served("vpcLinkId"),
        "GetVpcLink": Served("vpcLinkId"),
        "GetUsage": Served(f"usagePlanId keyId startDate endDate {_PAGES}"),
        "GetUsagePlan": Served("usagePlanId"),
        "GetUsagePlanKey": Served("usagePlanId keyId"),
        "GetUsagePlanKeys": Served(f"usagePlanId nameQuery {_PAGES}"),
        "GetUsagePlans": Served(f"keyId {_PAGES}"),
        "ImportDocumentationParts": Served("restApiId mode failOnWarnings body"),
        "ImportRestApi": Served("body failOnWarnings parameters"),
        "PutGatewayResponse": Served(
            "restApiId responseType statusCode responseParameters responseTemplates"
        ),
        "PutIntegration": Served(
            f"{_METHOD} type integrationHttpMethod uri credentials requestParameters requestTemplates "
            "passthroughBehavior cacheNamespace cacheKeyParameters contentHandling timeoutInMillis "
            "tlsConfig.insecureSkipVerification",
            only=_INTERNET,
        ),
        "PutIntegrationResponse": Served(
            f"{_METHOD} statusCode selectionPattern responseParameters responseTemplates contentHandling"
        ),
        "PutMethod": Served(
            f"{_METHOD} authorizationType authorizerId apiKeyRequired requestParameters requestModels "
            "requestValidatorId",
            "operationName authorizationScopes",
        ),
        "PutMethodResponse": Served(f"{_METHOD} statusCode responseParameters responseModels"),
        "PutRestApi": Served("restApiId mode failOnWarnings parameters body"),
        "TagResource": Served("resourceArn tags"),
        "TestInvokeMethod": Served(
            f"{_METHOD} pathWithQueryString body headers multiValueHeaders stageVariables"
        ),
        "UntagResource": Served("resourceArn tagKeys"),
        "UpdateAccount": Served(_PATCHES),
        "UpdateApiKey": Served(f"apiKey {_PATCHES}"),
        "UpdateAuthorizer": Served(f"restApiId authorizerId {_PATCHES}"),
        "UpdateDocumentationPart": Served(f"restApiId documentationPartId {_PATCHES}"),
        "UpdateDocumentationVersion": Served(f"restApiId documentationVersion {_PATCHES}"),
        "UpdateGatewayResponse": Served(f"restApiId responseType {_PATCHES}"),
        "UpdateIntegration": Served(f"{_METHOD} {_PATCHES}"),
        "UpdateIntegrationResponse": Served(f"{_METHOD} statusCode {_PATCHES}"),
        "UpdateMethod": Served(f"{_METHOD} {_PATCHES}"),
        "UpdateMethodResponse": Served(f"{_METHOD} statusCode {_PATCHES}"),
        "UpdateRequestValidator": Served(f"restApiId requestValidatorId {_PATCHES}"),
        "UpdateResource": Served(f"restApiId resourceId {_PATCHES}"),
        "UpdateModel": Served(f"restApiId modelName {_PATCHES}"),
        "UpdateRestApi": Served(f"restApiId {_PATCHES}"),
        "UpdateStage": Served(f"restApiId stageName {_PATCHES}"),
        "UpdateUsage": Served(f"usagePlanId keyId {_PATCHES}"),
        "UpdateUsagePlan": Served(f"usagePlanId {_PATCHES}"),
        "UpdateVpcLink": Served(f"vpcLinkId {_PATCHES}"),
    },
    {
        "canarySettings": "deploy to a second stage instead of a canary release",
        "cloneFrom": "import the API again from its OpenAPI file",
        "connectionId": "call a function (AWS or AWS_PROXY): the sandbox has no VPC links",
        "connectionType": "call a function (AWS or AWS_PROXY): the sandbox has no VPC links",
        "CreateBasePathMapping": "use the API's invoke URL",
        "CreateDomainName": "use the API's invoke URL",
        "CreateVpcLink": "call a function (AWS or AWS_PROXY): the sandbox has no VPCs",
        "FlushStageAuthorizersCache": "leave it out: the sandbox runs no authorizers, and so has no cache",
        "GenerateClientCertificate": "leave it out: functions do not see a client's certificate",
        "GetExport": "read the API with GetResources and embed=methods, or use `loh export`",
        "responseTransferMode": "use BUFFERED: the sandbox answers when the function has ended",
        "stageKeys": "use a usage plan and CreateUsagePlanKey",
        "tracingEnabled": "leave it out: the sandbox has no X-Ray",
        "vpcEndpointIds": "use a Regional API: the sandbox has no VPCs",
    },
)
