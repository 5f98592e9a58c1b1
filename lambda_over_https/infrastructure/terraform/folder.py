"""What lies beside a Terraform configuration: a README with the commands for it."""

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.readme import TAKEN, readme, request
from lambda_over_https.infrastructure.terraform.adoption import EXPECTED, WARNING, Ids, imports
from lambda_over_https.infrastructure.terraform.configuration import configuration

_TESTED = (
    "The configuration is formatted, and each of its arguments is in the schema of the AWS provider. "
    "It was not applied on AWS: read the plan before you say yes."
)

_COMMANDS = """\
# deploy
terraform init
terraform apply{chosen}
# try
{request}
# delete, with all items of the table
terraform destroy{chosen}"""


def not_included(description: Description) -> list[str]:
    """What of the deployment is not in the configuration."""
    return list(description.left_out)


def files(description: Description, name: str, adopted: Ids | None) -> dict[str, str]:
    """The folder's files but for the handler; ``name`` is the deployment's.

    With ``adopted`` Terraform takes over what the deployment made: these are its ids.
    """
    needed = "".join(f" -var {each.name}=…" for each in description.parameters if each.default is None)
    tried = request(description, "$(terraform output -raw invoke_url)", "$(terraform output -raw api_key_id)")
    commands = _COMMANDS.format(chosen=needed, request=tried)
    adoption = {"imports.tf": imports(description, adopted)} if adopted else {}
    names = f"{WARNING} {EXPECTED}" if adopted else TAKEN.format(name=name, how="`-var`")
    return {
        **configuration(description),
        **adoption,
        "README.md": readme(not_included(description), "main.tf", names, _TESTED, commands),
        ".gitignore": ".terraform/\n*.tfstate\n*.tfstate.*\nbuild/\n",
    }


def text(description: Description, adopted: Ids | None) -> str:
    """All of the configuration in one text: Terraform does not mind which file a block is in."""
    parts = configuration(description).values()
    return "\n".join([*parts, imports(description, adopted)] if adopted else parts)
