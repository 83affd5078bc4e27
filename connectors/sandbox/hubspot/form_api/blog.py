"""The form below a blog's posts, which HubSpot makes by itself.

It is listed among the others, and extractors have met a 400 for its submissions, the comments.
"""

from connectors.sandbox.context import Sandbox, as_uuid
from connectors.sandbox.hubspot.errors import Refusal
from connectors.sandbox.hubspot.form_api.kept_forms import Form
from connectors.sandbox.hubspot.schema import FOUNDED_MS


def blog_form(sandbox: Sandbox) -> Form | None:
    """Return the form, which can be read only, or None where the account has no blog."""
    if not sandbox.settings.hubspot_has_blog:
        return None
    form_id = as_uuid(sandbox.secret("blog form", 32))
    return Form(form_id, "Blog comments", "blog_comment", "", FOUNDED_MS, FOUNDED_MS)


def no_comments(form: Form) -> Refusal:
    """The form's submissions, which are not for the endpoint of submissions."""
    message = f"Form type {form.form_type} is not allowed"
    errors = [{"message": message, "errorType": "FORM_TYPE_NOT_ALLOWED"}]
    return Refusal(message, errors=errors, subCategory="FORM_TYPE_NOT_ALLOWED")
