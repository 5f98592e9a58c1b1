"""References between models: those of a document become those of API Gateway."""

from typing import Any


def linked(schema: Any, place: str, api_id: str) -> Any:
    """The schema with references to the API's models in place of those to the document's, at ``place``."""
    if isinstance(schema, list):
        return [linked(each, place, api_id) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: linked(value, place, api_id) for name, value in schema.items()}
    local = f"#/{place.replace('.', '/')}/"
    if isinstance(reference := schema.get("$ref"), str) and reference.startswith(local):
        name = reference.removeprefix(local)
        found["$ref"] = f"https://apigateway.amazonaws.com/restapis/{api_id}/models/{name}"
    return found
