"""What lies beside a Terraform configuration: a README with the commands for it."""

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.readme import DELETE, TAKEN, readme, requests
from lambda_over_https.infrastructure.terraform.adoption import WARNING, Ids, imports
from lambda_over_https.infrastructure.terraform.configuration import configuration

_TESTED = "No `terraform apply` was run with this: read the plan before you say yes."


def not_included(description: Description) -> list[str]:
    """What of the deployment is not in the configuration."""
    return list(description.left_out)


def _commands(description: Description) -> dict[str, str]:
    chosen = "".join(f" -var {each.name}=…" for each in description.parameters if each.default is None)
    return {
        "Deploy": f"terraform init && terraform apply{chosen}",
        **requests(description, "$(terraform output -raw invoke_url)", "$(terraform output -raw api_key_id)"),
        DELETE: f"terraform destroy{chosen}",
    }


def files(description: Description, name: str, adopted: Ids | None) -> dict[str, str]:
    """The folder's files but for the handler; ``name`` is the deployment's.

    With ``adopted`` Terraform takes over what the deployment made: these are its ids.
    """
    adoption = {"imports.tf": imports(description, adopted)} if adopted else {}
    about = [_TESTED, WARNING if adopted else TAKEN.format(name=name, how="`-var`")]
    return {
        **configuration(description),
        **adoption,
        "README.md": readme(about, _commands(description), not_included(description)),
        ".gitignore": ".terraform/\n*.tfstate\n*.tfstate.*\nbuild/\n",
    }


def text(description: Description, adopted: Ids | None) -> str:
    """All of the configuration in one text: Terraform does not mind which file a block is in."""
    parts = configuration(description).values()
    return "\n".join([*parts, imports(description, adopted)] if adopted else parts)
