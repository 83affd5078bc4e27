"""Deployments: asked for, looked at until they are done, or cancelled before.

Source: Metadata API Developer Guide, "deploy()", "checkDeployStatus()" and "cancelDeploy()".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id, new_id
from connectors.sandbox.salesforce.metadata.carrying import Carried, carry_out, manifest_message
from connectors.sandbox.salesforce.metadata.package import MANIFEST, PackageError, read_package
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import name_of
from connectors.sandbox.salesforce.times import stamp

PACKAGE_LIMIT = 39_000_000
"""Bytes of a package as it is sent."""
DONE = frozenset({"Succeeded", "SucceededPartial", "Failed", "Canceled"})
TEST_LEVELS = frozenset(
    {"NoTestRun", "RunSpecifiedTests", "RunRelevantTests", "RunLocalTests", "RunAllTestsInOrg"}
)
_SWITCHES = {
    "allowMissingFiles": False,
    "autoUpdatePackage": False,
    "checkOnly": False,
    "ignoreWarnings": False,
    "performRetrieve": False,
    "purgeOnDelete": False,
    "rollbackOnError": False,
    "singlePackage": False,
}


@dataclass(frozen=True)
class Deploy:
    """A deployment: what was asked for, and how it stands."""

    id: str
    status: str
    options: Mapping[str, Any]
    result: Mapping[str, Any]

    def described(self, with_details: bool) -> dict[str, Any]:
        """Return the DeployResult, with a message for each component if they are wanted."""
        told = {"id": self.id, "status": self.status, **self.result}
        if not with_details:
            told.pop("details")
        return dict(sorted(told.items()))


def start_deploy(sandbox: Sandbox, package: bytes, options: Mapping[str, Any]) -> Deploy:
    """Take a package in; it is carried out once its status has been asked for often enough.

    Raises:
        Refusal: an unknown test level, or a package that is too big.
    """
    if len(package) > PACKAGE_LIMIT:
        message = (
            f"Maximum size of request reached. Maximum size of request is {PACKAGE_LIMIT} bytes."
        )
        raise Refusal("LIMIT_EXCEEDED", message)
    asked = _options(options)
    now = stamp(sandbox.clock.now)
    result = {
        **_counts(Carried((), ())),
        "checkOnly": asked["checkOnly"],
        "createdBy": INTEGRATION_USER[:15],
        "createdByName": name_of(sandbox.store, INTEGRATION_USER),
        "createdDate": now,
        "details": _details(Carried((), ())),
        "done": False,
        "ignoreWarnings": asked["ignoreWarnings"],
        "lastModifiedDate": now,
        "rollbackOnError": asked["rollbackOnError"],
        "runTestsEnabled": asked["testLevel"] not in (None, "NoTestRun"),
        "success": False,
    }
    deploy = Deploy(new_id(sandbox.store, "0Af"), "Pending", asked, result)
    sandbox.store.run(
        "insert into salesforce_deploys values (?, ?, ?, ?, 0, ?)",
        *(deploy.id, deploy.status, json.dumps(asked), package, json.dumps(result)),
    )
    return deploy


def poll_deploy(sandbox: Sandbox, deploy_id: str) -> Deploy:
    """Return how a deployment stands; looking at it brings it on.

    Raises:
        Refusal: nobody's id.
    """
    deploy, polls = _kept(sandbox, deploy_id)
    if deploy.status in DONE:
        return deploy
    if polls < sandbox.settings.salesforce_deploy_polls:
        status = "Pending" if polls == 0 else "InProgress"
        return _keep(sandbox, deploy, status, {}, polls + 1)
    package: bytes = sandbox.store.value(
        "select package from salesforce_deploys where id = ?", deploy.id
    )
    return _carried_out(sandbox, deploy, package)


def cancel_deploy(sandbox: Sandbox, deploy_id: str) -> Deploy:
    """Cancel a deployment that has not been carried out.

    Raises:
        Refusal: nobody's id, or it has been.
    """
    deploy, polls = _kept(sandbox, deploy_id)
    if deploy.status in DONE:
        raise Refusal("INVALID_ID_FIELD", "Job is already completed")
    who = {"canceledBy": INTEGRATION_USER[:15]}
    who["canceledByName"] = name_of(sandbox.store, INTEGRATION_USER) or ""
    return _keep(sandbox, deploy, "Canceled", {**_finished(sandbox), **who}, polls)


def _carried_out(sandbox: Sandbox, deploy: Deploy, package: bytes) -> Deploy:
    try:
        components = read_package(package)
    except PackageError as error:
        told = {"errorMessage": str(error), "errorStatusCode": "UNKNOWN_EXCEPTION"}
        return _keep(sandbox, deploy, "Failed", {**_finished(sandbox), **told}, 0)
    carried = carry_out(
        sandbox,
        components,
        check_only=deploy.options["checkOnly"],
        all_or_none=deploy.options["rollbackOnError"],
    )
    files = dict.fromkeys([MANIFEST, *(part.file for part in components if part.removes)])
    listed = Carried([*manifest_message(sandbox, files), *carried.successes], carried.failures)
    counts, details = _counts(carried), {"details": _details(listed)}
    status = _status(carried, deploy.options)
    success = {"success": status in ("Succeeded", "SucceededPartial")}
    return _keep(sandbox, deploy, status, {**_finished(sandbox), **counts, **details, **success}, 0)


def _status(carried: Carried, options: Mapping[str, Any]) -> str:
    if not carried.failures:
        return "Succeeded"
    partial = carried.successes and not options["rollbackOnError"]
    return "SucceededPartial" if partial else "Failed"


def _finished(sandbox: Sandbox) -> dict[str, Any]:
    now = stamp(sandbox.clock.now)
    return {"completedDate": now, "done": True, "lastModifiedDate": now, "startDate": now}


def _counts(carried: Carried) -> dict[str, int]:
    succeeded, failed = len(carried.successes), len(carried.failures)
    return {
        "numberComponentErrors": failed,
        "numberComponentsDeployed": succeeded,
        "numberComponentsTotal": succeeded + failed,
        "numberTestErrors": 0,
        "numberTestsCompleted": 0,
        "numberTestsTotal": 0,
    }


def _details(carried: Carried) -> dict[str, Any]:
    return {
        "componentFailures": list(carried.failures),
        "componentSuccesses": list(carried.successes),
        "runTestResult": {"numFailures": 0, "numTestsRun": 0, "totalTime": 0.0},
    }


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: given.get(name, usual) for name, usual in _SWITCHES.items()}
    level = given.get("testLevel") or None
    if level not in (None, *TEST_LEVELS):
        message = f"'{level}' is not a valid value for the enum 'TestLevel'"
        raise Refusal("INVALID_TYPE", message)
    return {**asked, "runTests": given.get("runTests") or None, "testLevel": level}


def _kept(sandbox: Sandbox, deploy_id: str) -> tuple[Deploy, int]:
    row = sandbox.store.row(
        "select id, status, options, result, polls from salesforce_deploys where id = ?",
        full_id(deploy_id),
    )
    if row is None:
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", 404)
    options, result = json.loads(row["options"]), json.loads(row["result"])
    return Deploy(row["id"], row["status"], options, result), row["polls"]


def _keep(
    sandbox: Sandbox, deploy: Deploy, status: str, told: Mapping[str, Any], polls: int
) -> Deploy:
    result = {**deploy.result, **told}
    sandbox.store.run(
        "update salesforce_deploys set status = ?, result = ?, polls = ? where id = ?",
        *(status, json.dumps(result), polls, deploy.id),
    )
    if status in DONE:
        # Nobody looks at the package again.
        sandbox.store.run("update salesforce_deploys set package = x'' where id = ?", deploy.id)
    return Deploy(deploy.id, status, deploy.options, result)
