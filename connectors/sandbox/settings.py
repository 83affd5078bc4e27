"""What a test or a demo may set about the sandbox while it runs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from connectors.sandbox.setting_checks import check_value
from connectors.sandbox.store import Store


@dataclass(frozen=True)
class Settings:
    """Limits and habits of the two CRMs. Seconds are the sandbox's, unless they say real."""

    rate_limits: bool = True
    """Whether either CRM counts requests; without, HubSpot tells of no allowances either."""
    latency_ms: int = 0
    """Real milliseconds that every answer of both CRMs takes longer."""
    gzip: bool = False
    """Whether answers are compressed for clients that accept gzip, as both real APIs do it; those
    that a fault strikes never are."""
    salesforce_token_seconds: int = 7_200
    salesforce_token_calls: int = 0
    """Calls after which a session ends; 0 for never."""
    salesforce_daily_limit: int = 100_000
    salesforce_concurrent_limit: int = 25
    """Requests that may be under way for `salesforce_long_request_seconds` (real) at once."""
    salesforce_long_request_seconds: float = 20.0
    salesforce_page_size: int = 2_000
    salesforce_soql_length: int = 100_000
    """Characters that a query may have."""
    salesforce_commit_delay_seconds: int = 0
    """How long a write may take to show: each record takes a time of its own up to this."""
    salesforce_replication_limit: int = 600_000
    """Ids that getUpdated and getDeleted list at most."""
    salesforce_replication_since: str = ""
    """Since when the org lists changes: both refuse spans that begin before; empty for always."""
    salesforce_bin_purged_at: str = ""
    """When an administrator last purged the recycle bin: getDeleted refuses what begins before."""
    salesforce_multicurrency: bool = False
    """Whether the org has several currencies, and so `CurrencyIsoCode` fields."""
    salesforce_currencies: str = "USD=1,EUR=0.92,CNY=7.2"
    """Which ones it has then, the corporate one first, with units of each for one of that."""
    salesforce_assigns_leads: bool = True
    """Whether a Lead written without `Sforce-Auto-Assign: FALSE` goes to the default owner."""
    salesforce_bulk_polls: int = 2
    """How often a Bulk job is asked about until it ends; 0: before its creation is answered."""
    salesforce_bulk_stuck: bool = False
    """Whether Bulk jobs stay in progress for ever."""
    salesforce_bulk_error: str = ""
    """The message with which Bulk jobs fail, such as `Retried more than fifteen times`."""
    salesforce_bulk_batch_rows: int = 10_000
    """Rows that one step of an ingest job works off."""
    salesforce_bulk_page_size: int = 100_000
    """Rows of a result at most, whatever `maxRecords` asks for."""
    salesforce_bulk_repeats_header: bool = True
    """Whether every page of a result begins with the names of the columns."""
    salesforce_bulk_scientific_numbers: bool = True
    """Whether numbers from ten million on are written as 1.0E7."""
    salesforce_bulk_content_type: str = "text/csv"
    """The type of results; without a charset, some clients take them for Latin-1."""
    salesforce_bulk_null: str = "#N/A"
    """The cell that empties a field; an empty cell leaves it alone."""
    salesforce_bulk_upload_bytes: int = 150_000_000
    salesforce_bulk_field_characters: int = 131_072
    """Characters of a cell of an upload; older documentation has 32,000."""
    salesforce_bulk_query_jobs: int = 10_000
    """Query jobs of Bulk API 2.0 in a day."""
    salesforce_bulk_batches: int = 15_000
    """Batches of the older Bulk API in a day."""
    salesforce_bulk_hard_delete: bool = False
    """Whether the API user has the permission "Bulk API Hard Delete"."""
    salesforce_bulk_unsupported: str = (
        "RecentlyViewed,TaskStatus,TaskPriority,CaseStatus,ContractStatus,OrderStatus,"
        "EntityDefinition,FieldDefinition,UserRecordAccess,ActivityHistory,OpenActivity,Name"
    )
    """Objects, by commas, that only REST reads."""
    salesforce_password_grant: bool = False
    """Whether the OAuth password grant opens sessions, as in orgs older than Summer '23."""
    salesforce_soap_login: bool = False
    """Whether SOAP login below v65.0 gets as far as looking at the password."""
    salesforce_approves_jwt: bool = True
    """Whether the API user may come in by a signed assertion without having been asked."""
    salesforce_rotates_refresh_tokens: bool = False
    """Whether a refresh token is good once, and brings the next one."""
    salesforce_hidden_objects: list[str] = field(default_factory=list)
    """Objects, by their API names, that the API user's profile may not read."""
    salesforce_edits_converted_leads: bool = False
    """Whether the API user has the permission "View and Edit Converted Leads"."""
    salesforce_read_only_sharing: bool = False
    """Whether the API user may only read the records of other owners."""
    salesforce_person_accounts: bool = False
    salesforce_history_since: dict[str, str] = field(default_factory=dict)
    """Since when history is kept of an object or of a field such as `Lead.Status`; else always."""
    salesforce_history_until: dict[str, str] = field(default_factory=dict)
    """From when on it no longer is; what was kept before stays."""
    salesforce_recycle_bin_days: int = 15
    salesforce_lock_seconds: int = 0
    """Real seconds for which a written child keeps its parent locked for other requests."""
    salesforce_lock_wait_seconds: float = 0.0
    """Real seconds for which a request waits for a locked row before it is refused, some ten in
    real orgs; jobs wait for none."""
    salesforce_batch_counts_each: bool = True
    """Whether every request of a composite batch counts, as documented; otherwise one does."""
    salesforce_duplicate_header: bool = True
    """Whether `Sforce-Duplicate-Rule-Header: allowSave=true` lets a likely duplicate in."""
    salesforce_duplicate_result_key: str = "duplicateResut"
    """How DUPLICATES_DETECTED spells its details: misspelt in recorded answers."""
    salesforce_validation_rules: list[dict[str, Any]] = field(default_factory=list)
    """These four hold rules of the org: their shapes are in `salesforce/org_rules.py`."""
    salesforce_duplicate_rules: list[dict[str, Any]] = field(default_factory=list)
    salesforce_trigger_failures: list[dict[str, Any]] = field(default_factory=list)
    salesforce_automation: list[dict[str, Any]] = field(default_factory=list)
    salesforce_deploy_polls: int = 2
    """How often a deployment is looked at before it is found done."""
    hubspot_uri_limit: int = 16_000
    """Bytes of the request line and headers, beyond which the answer is 414; extractors have met it
    between 8,000 and 16,000."""
    hubspot_ten_second_limit: int = 190
    """Requests in ten real seconds."""
    hubspot_app_ten_second_limit: int = 110
    """Requests of an OAuth app in ten real seconds."""
    hubspot_search_limit: int = 5
    """Searches in one real second."""
    hubspot_daily_limit: int = 650_000
    hubspot_time_zone: str = "UTC"
    """The account's, at whose midnight a new day's allowance begins."""
    hubspot_retry_after: str = ""
    """The Retry-After of 429 answers, whose unit HubSpot does not keep to; empty for none."""
    hubspot_webhook_repeats_every: int = 0
    """Every so many events, one is delivered twice; 0 for none."""
    hubspot_webhook_shuffles: bool = False
    """Whether events are delivered in another order than they happened in."""
    hubspot_webhook_pushes: bool = False
    """Whether events go out by themselves after each request; else only when told to."""
    hubspot_access_token_seconds: int = 1_800
    hubspot_rotates_refresh_tokens: bool = False
    """Whether a refresh token is good for one use only; the answer holds the next one."""
    hubspot_malformed_token_status: int = 401
    """What a token that can't be one is answered with; some have met 530."""
    hubspot_withheld_scopes: list[str] = field(default_factory=list)
    """Scopes that neither the key nor the app has been granted: 403 MISSING_SCOPES."""
    hubspot_hidden_objects: list[str] = field(default_factory=list)
    """Objects, by their plural names, that the key's user may not view: another 403."""
    hubspot_search_lag_seconds: int = 0
    """How long a change may take to get into the search index: each one its own time up to that."""
    hubspot_search_shows_current: bool = True
    """Whether results show records as they are, where the index that found them is behind."""
    hubspot_search_by_creation: bool = True
    """Whether results that nothing sorts come in the order of creation; otherwise by id."""
    hubspot_search_shuffles: bool = False
    """Whether the results of a page come in no order, whatever the sort."""
    hubspot_search_body_limit: int = 0
    """Characters of a search's body; 0 for any. HubSpot writes 3,000, but takes more."""
    hubspot_new_contact_stage: str = "lead"
    """Lifecycle stage that HubSpot gives a contact created without one; empty for none."""
    hubspot_merge_keeps_id: bool = False
    """Whether a merged contact keeps the id of the first one; otherwise it gets a new id."""
    hubspot_cleared_values_are_empty: bool = True
    """Whether a cleared value reads as an empty text, as in recorded answers, or as null."""
    hubspot_record_urls: bool = False
    """Whether answers tell where a record is seen in the app, as those of 2026 may."""
    hubspot_history_entries: int = 0
    """Entries that a property's history shows, the newest; 0 for all of them."""
    hubspot_gdpr_blocklist: bool = True
    """Whether an address that was erased can't be typed in again; a form may bring it back."""
    hubspot_has_blog: bool = False
    """Whether there is a form for comments, whose submissions can't be read: a 400."""
    hubspot_has_leads: bool = True
    """Whether the subscription includes the object Leads."""
    hubspot_unbought_objects: list[str] = field(
        default_factory=lambda: [
            *("feedback_submissions", "appointments", "courses", "listings", "services"),
            "projects",
        ]
    )
    """Other objects, by their plural names, that the subscription leaves out or nobody has switched
    on: 403 MISSING_SCOPES."""
    hubspot_list_search_refuses_over_500: bool = False
    """Whether a search of lists for more than 500 is refused; otherwise it finds 500 at most."""
    hubspot_required_properties: list[dict[str, Any]] = field(default_factory=list)
    """The portal's own validation rules: their shape is in `hubspot/portal_rules.py`."""
    hubspot_rules_on_every_version: bool = False
    """Whether they bind every write; otherwise people, and the API from version 2026-09 on."""
    hubspot_owner_page_size: int = 100
    """Owners that one page holds at most; the documentation has said 500."""
    hubspot_association_inputs: int = 2_000
    """Inputs of a batch that writes associations."""
    hubspot_takes_deal_createdate: bool = True
    """Whether the `createdate` of a deal may be written."""
    hubspot_dated_association_ids_are_texts: bool = True
    """Whether `toObjectId` is a text in the date-based versions, as the reference has it."""
    hubspot_association_page_size: int = 500
    """Associated records that one page of a record's associations holds."""

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """Return settings with some values changed.

        Raises:
            ValueError: an unknown name, or a value of another type or out of range.
        """
        types = {known.name: type(getattr(self, known.name)) for known in fields(self)}
        for name, value in changes.items():
            if name not in types:
                raise ValueError(f"no setting is called {name}; there are {', '.join(types)}")
            if type(value) is not types[name]:
                raise ValueError(f"{name} is a {types[name].__name__}")
            check_value(name, value)
        return replace(self, **changes)


def read_settings(store: Store) -> Settings:
    """Return the kept settings, or the defaults."""
    return Settings().changed(store.read_state("settings") or {})


def keep_settings(store: Store, settings: Settings) -> None:
    """Keep settings for the next start."""
    store.keep_state("settings", asdict(settings))
