"""Tells a story about people in two CRMs and gives the rows that extraction would land."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.dbt.lake import Row, utc
from tests.dbt.streams import STREAMS


@dataclass
class Crms:
    """Both CRMs, as far as extraction sees them. Times are text, read as UTC."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {stream: [] for stream in STREAMS})

    def lead(self, lead_id: str, created: str, modified: str = "", **fields: Any) -> None:
        """Add a version of a Salesforce Lead; Status is New unless said."""
        modified_at = utc(modified or created)
        self._add(
            "salesforce__leads", lead_id, modified_at,
            Id=lead_id, CreatedDate=utc(created), SystemModstamp=modified_at,
            **{"Status": "New", "IsConverted": False, **fields},
        )  # fmt: skip

    def status(self, lead_id: str, old: str, new: str, at: str, number: int = 0) -> None:
        """Add a change of a Lead's Status to its history."""
        self.change(lead_id, "Status", old, new, at, number=number)

    def change(
        self, lead_id: str, field_name: str, old: str, new: str, at: str, *, number: int = 0
    ) -> None:
        """Add a change of a Lead's field to its history."""
        history_id = f"{lead_id}-{field_name}-{at}-{number}"
        self._add(
            "salesforce__lead_histories", history_id, utc(at),
            Id=history_id, LeadId=lead_id, Field=field_name, OldValue=old, NewValue=new,
            CreatedById="005000000000001AAA", CreatedDate=utc(at),
        )  # fmt: skip

    def task(self, task_id: str, lead_id: str, at: str, **fields: Any) -> None:
        """Add a completed call to a Lead."""
        self._add(
            "salesforce__tasks", task_id, utc(at),
            Id=task_id, WhoId=lead_id, CompletedDateTime=utc(at), CreatedDate=utc(at),
            **{"Status": "Completed", "TaskSubtype": "Call", "Subject": "Call", **fields},
        )  # fmt: skip

    def contact(self, contact_id: str, created: str, modified: str = "", **fields: Any) -> None:
        """Add a version of a HubSpot contact."""
        modified_at = utc(modified or created)
        self._add(
            "hubspot__contacts", contact_id, modified_at,
            hs_object_id=contact_id, createdate=utc(created), lastmodifieddate=modified_at,
            **fields,
        )  # fmt: skip

    def lifecycle(self, contact_id: str, *values: tuple[str, str], source: str = "CRM_UI") -> None:
        """Add a contact's whole lifecyclestage history: (value, time), oldest first."""
        for value, at in values:
            epoch_ms = int(utc(at).timestamp() * 1000)
            self._add(
                "hubspot__contact_histories", f"{contact_id}:lifecyclestage:{epoch_ms}:0", utc(at),
                contact_id=contact_id, property="lifecyclestage", value=value, changed_at=utc(at),
                source_type=source,
            )  # fmt: skip

    def form(self, conversion_id: str, email: str, at: str, name: str = "Demo request") -> None:
        """Add a form submission."""
        self._add(
            "hubspot__form_submissions", conversion_id, utc(at),
            conversion_id=conversion_id, form_id="f", form_name=name, email=email,
            submitted_at=utc(at),
        )  # fmt: skip

    def salesforce(
        self, stream: str, record_id: str, created: str, modified: str = "", **fields: Any
    ) -> None:
        """Add a version of a Salesforce record."""
        modified_at = utc(modified or created)
        self._add(
            f"salesforce__{stream}", record_id, modified_at,
            Id=record_id, CreatedDate=utc(created), SystemModstamp=modified_at,
            **fields,
        )  # fmt: skip

    def opportunity_history(self, opportunity_id: str, *stages: tuple[str, str]) -> None:
        """Add an Opportunity's stages: (name, time), oldest first."""
        for number, (stage, at) in enumerate(stages):
            history_id = f"{opportunity_id}-{number}"
            self._add(
                "salesforce__opportunity_histories", history_id, utc(at),
                Id=history_id, OpportunityId=opportunity_id, StageName=stage, CreatedDate=utc(at),
            )  # fmt: skip

    def hubspot(
        self, stream: str, record_id: str, created: str, modified: str = "", **fields: Any
    ) -> None:
        """Add a version of a HubSpot record other than a contact."""
        modified_at = utc(modified or created)
        dated_plainly = ("companies", "deals", "tickets")
        creation = "createdate" if stream in dated_plainly else "hs_createdate"
        self._add(
            f"hubspot__{stream}", record_id, modified_at,
            hs_object_id=record_id, hs_lastmodifieddate=modified_at,
            **{creation: utc(created), **fields},
        )  # fmt: skip

    def state(self, table: str, record_id: str, at: str, /, **fields: Any) -> None:
        """Add what was found at a time of a row that its CRM does not date."""
        self._add(table, record_id, utc(at), **fields)

    def associate(self, one: str, others: str, at: str, *pairs: tuple[str, int]) -> None:
        """Add all that a record is associated with of one far object, as it was read then.

        Args:
            one: `<plural>:<id>` of the record.
            others: Plural of the far object.
            at: When they were read.
            pairs: Id at the other end, and HubSpot's number of the label.
        """
        from_type, from_id = one.split(":")
        told = [{"to_id": to_id, "type_id": type_id} for to_id, type_id in pairs]
        self._add(
            f"hubspot__{from_type.removesuffix('s')}_associations", f"{one}:{others}", utc(at),
            from_type=from_type, from_id=from_id, to_type=others, associations=json.dumps(told),
        )  # fmt: skip

    def _add(self, stream: str, record_id: str, modified_at: datetime, /, **fields: Any) -> None:
        self.rows[stream].append({"_record_id": record_id, "_modified_at": modified_at, **fields})
