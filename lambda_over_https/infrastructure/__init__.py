"""A deployment as infrastructure as code: described once, written as AWS SAM and as Terraform.

The story: ``reading`` rehearses the steps on a stack whose names, account and ids are symbols, so that each
call says by itself where a name or an ARN of another resource stands in it. From these calls it makes a
``description``: resources with references, parameters and outputs. ``sam`` and ``terraform`` each write it in
their own language; ``noting`` knows which part belongs to which step; ``folder`` puts it on disk with the
handler and a README.
"""
